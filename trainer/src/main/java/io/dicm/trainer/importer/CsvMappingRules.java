package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.importer.CsvMapping.Label;
import io.dicm.trainer.importer.CsvMapping.ListMapping;
import io.dicm.trainer.importer.CsvMapping.LogMapping;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What a {@link CsvMapping} has to say. */
final class CsvMappingRules {
  private final String source;

  /**
   * @param source the mapping's file, for messages
   */
  CsvMappingRules(String source) {
    this.source = source;
  }

  void check(CsvMapping mapping) {
    require(mapping.impressions(), "impressions");
    checkLog(mapping.impressions(), "impressions");
    require(mapping.impressions().label(), "impressions.label");
    if (mapping.behaviors() != null) {
      checkLog(mapping.behaviors(), "behaviors");
      if (mapping.behaviors().impressionId() != null) {
        throw invalid("behaviors have an impression_id; impressions alone are named by one");
      }
    }
    checkList(mapping.items(), "items");
    checkList(mapping.users(), "users");
    require(mapping.features(), "features");
    if (mapping.separator() != null && mapping.separator().length() != 1) {
      throw invalid("'separator' was '" + mapping.separator() + "', needed one character");
    }
  }

  private void checkLog(LogMapping log, String name) {
    require(log.file(), name + ".file");
    require(log.userId(), name + ".user_id");
    require(log.itemId(), name + ".item_id");
    require(log.ts(), name + ".ts");
    require(log.ts().column(), name + ".ts.column");
    if (log.label() != null) {
      checkLabel(log.label(), name + ".label");
    }
    Map<String, String> ours = new HashMap<>(log.columns());
    ours.keySet().retainAll(Set.of("user_id", "item_id", "ts", "label", "impression_id"));
    refuseOwn(ours, name);
  }

  private void checkList(ListMapping list, String name) {
    if (list == null) {
      return;
    }
    require(list.file(), name + ".file");
    require(list.id(), name + ".id");
    if (list.imageId() != null && name.equals("users")) {
      throw invalid("users have an image_id; items alone have pictures");
    }
    Map<String, String> ours = new HashMap<>(list.columns());
    ours.keySet().retainAll(Set.of("user_id", "item_id", "image_id"));
    refuseOwn(ours, name);
    for (Map.Entry<String, String> separated : list.lists().entrySet()) {
      if (!list.columns().containsKey(separated.getKey()) || separated.getValue().isEmpty()) {
        throw invalid(
            "'"
                + name
                + ".lists' has '"
                + separated.getKey()
                + "', needed one of our columns in '"
                + name
                + ".columns' and what separates its values");
      }
    }
  }

  private void checkLabel(Label label, String name) {
    require(label.column(), name + ".column");
    if ((label.anyOf() == null) == (label.atLeast() == null)) {
      throw invalid("'" + name + "' needs one of 'equals' and 'at_least'");
    }
  }

  private void refuseOwn(Map<String, String> ours, String name) {
    for (String column : ours.keySet()) {
      throw invalid("'" + name + ".columns' has '" + column + "', which has an entry of its own");
    }
  }

  private void require(Object value, String key) {
    if (value == null || value.equals("")) {
      throw invalid("there is no '" + key + "'");
    }
  }

  private DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.INPUT_INVALID, "Cannot use the mapping " + source + ": " + why + ".");
  }
}
