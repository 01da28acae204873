package io.dicm.trainer.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Turns the JSON of {@code features.json} into fields; says what is wrong with it and where. */
final class FeatureSchemaParser {
  private static final List<String> ROOT_KEYS = List.of("features");
  private static final List<String> FEATURE_KEYS =
      List.of("name", "side", "kind", "behavior", "query");

  private final String source;

  FeatureSchemaParser(String source) {
    this.source = source;
  }

  JsonNode readTree(Configuration conf, Path file) {
    return new JsonFiles(conf).readTree(file, ErrorCode.FEATURES_JSON_INVALID);
  }

  List<FeatureField> parse(JsonNode root) {
    requireObject(root, "the file");
    requireKeys(root, ROOT_KEYS, "the file");
    JsonNode features = root.path("features");
    if (!features.isArray() || features.isEmpty()) {
      throw invalid("'features' was not a list of at least one feature");
    }
    List<FeatureField> fields = new ArrayList<>();
    for (JsonNode feature : features) {
      fields.add(field(feature, "feature " + (fields.size() + 1)));
    }
    return fields;
  }

  private FeatureField field(JsonNode feature, String position) {
    requireObject(feature, position);
    requireKeys(feature, FEATURE_KEYS, position);
    String name = text(feature, "name", position);
    String where = position + " ('" + name + "')";
    return new FeatureField(
        name,
        choice(feature, "side", FeatureSide.values(), where),
        choice(feature, "kind", FeatureKind.values(), where),
        flag(feature, "behavior", where),
        flag(feature, "query", where));
  }

  private void requireObject(JsonNode node, String where) {
    if (!node.isObject()) {
      throw invalid(where + " was not a JSON object");
    }
  }

  private void requireKeys(JsonNode object, List<String> allowed, String where) {
    for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!allowed.contains(name)) {
        throw invalid(
            where + " has the unknown key '" + name + "', allowed " + String.join(", ", allowed));
      }
    }
  }

  private String text(JsonNode object, String key, String where) {
    JsonNode value = object.path(key);
    if (!value.isTextual()) {
      throw invalid(where + " has no text '" + key + "'");
    }
    return value.asText();
  }

  private <E extends Enum<E>> E choice(JsonNode object, String key, E[] constants, String where) {
    String value = text(object, key, where);
    for (E constant : constants) {
      if (lowerCase(constant).equals(value)) {
        return constant;
      }
    }
    List<String> allowed = Arrays.stream(constants).map(FeatureSchemaParser::lowerCase).toList();
    throw invalid(
        where + " has " + key + " '" + value + "', allowed " + String.join(", ", allowed));
  }

  private boolean flag(JsonNode object, String key, String where) {
    JsonNode value = object.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw invalid(where + " has " + key + " " + value + ", allowed true, false");
    }
    return value.asBoolean(false);
  }

  private static String lowerCase(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.FEATURES_JSON_INVALID, "Cannot use " + source + ": " + why + ".");
  }
}
