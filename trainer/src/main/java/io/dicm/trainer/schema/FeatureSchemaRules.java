package io.dicm.trainer.schema;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold between the fields of a schema. */
final class FeatureSchemaRules {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> NOT_FEATURES = Set.of("ts", "label", "impression_id");
  private static final Map<String, FeatureSide> FIXED_SIDES =
      Map.of(
          "user_id", FeatureSide.USER,
          "item_id", FeatureSide.ITEM,
          "image_id", FeatureSide.ITEM);

  private final String source;

  FeatureSchemaRules(String source) {
    this.source = source;
  }

  void check(List<FeatureField> fields) {
    Set<String> names = new HashSet<>();
    for (FeatureField field : fields) {
      checkName(field.name());
      checkFixed(field);
      checkFlags(field);
      if (!names.add(field.name())) {
        throw invalid("feature '" + field.name() + "' is there twice, names must be unique");
      }
    }
    if (!names.contains("item_id")) {
      throw invalid("there is no feature 'item_id', which every schema needs (side item, kind id)");
    }
  }

  private void checkName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw invalid(
          "feature name '" + name + "' is not allowed, names are letters, digits and '_'");
    }
    if (NOT_FEATURES.contains(name)) {
      throw invalid("'" + name + "' cannot be a feature, it is a column with a meaning of its own");
    }
  }

  private void checkFixed(FeatureField field) {
    FeatureSide side = FIXED_SIDES.get(field.name());
    if (side == null) {
      return;
    }
    if (field.side() != side || field.kind() != FeatureKind.ID) {
      throw invalid(
          "feature '"
              + field.name()
              + "' has side "
              + field.side()
              + " and kind "
              + field.kind()
              + ", allowed only "
              + side
              + " and ID");
    }
  }

  private void checkFlags(FeatureField field) {
    boolean item = field.side() == FeatureSide.ITEM;
    if (field.behavior() && !(item && field.kind() == FeatureKind.ID)) {
      throw invalid(
          "feature '" + field.name() + "' has behavior true, allowed only on side item, kind id");
    }
    if (field.query() && !item) {
      throw invalid("feature '" + field.name() + "' has query true, allowed only on side item");
    }
  }

  private DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.FEATURES_JSON_INVALID, "Cannot use " + source + ": " + why + ".");
  }
}
