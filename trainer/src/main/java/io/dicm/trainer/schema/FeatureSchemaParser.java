package io.dicm.trainer.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.schema.NumberBuckets.Bounds;
import io.dicm.trainer.schema.NumberBuckets.Log;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Turns the JSON of {@code features.json} into fields and crosses; says what is wrong with it and
 * where.
 */
final class FeatureSchemaParser {
  private static final List<String> ROOT_KEYS = List.of("features", "crosses");
  private static final List<String> FEATURE_KEYS =
      List.of("name", "side", "kind", "behavior", "query", "buckets", "hash_space");
  private static final List<String> DIMENSION_KEYS =
      List.of("dimension", "embedding_dimension", "embedding-dimension");

  private final String source;

  FeatureSchemaParser(String source) {
    this.source = source;
  }

  JsonNode readTree(Configuration conf, Path file) {
    return new JsonFiles(conf).readTree(file, ErrorCode.FEATURES_JSON_INVALID);
  }

  List<FeatureField> fields(JsonNode root) {
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

  /** The crosses; none where the file has no such key. */
  List<FeaturePair> crosses(JsonNode root) {
    JsonNode crosses = root.path("crosses");
    if (!crosses.isArray() && !crosses.isMissingNode()) {
      throw invalid("'crosses' was not a list of pairs of features' names");
    }
    List<FeaturePair> pairs = new ArrayList<>();
    for (JsonNode cross : crosses) {
      pairs.add(pair(cross, "cross " + (pairs.size() + 1)));
    }
    return pairs;
  }

  private FeaturePair pair(JsonNode cross, String position) {
    if (cross.size() != 2 || !cross.path(0).isTextual() || !cross.path(1).isTextual()) {
      throw invalid(
          position
              + " was "
              + cross
              + ", needed two names, such as [\"age\", \""
              + FeaturePair.BEHAVIOR
              + "category\"]");
    }
    return new FeaturePair(cross.path(0).asText(), cross.path(1).asText());
  }

  private FeatureField field(JsonNode feature, String position) {
    requireObject(feature, position);
    refuseDimension(feature, position);
    requireKeys(feature, FEATURE_KEYS, position);
    String name = text(feature, "name", position);
    String where = position + " ('" + name + "')";
    return new FeatureField(
        name,
        choice(feature, "side", FeatureSide.values(), where),
        choice(feature, "kind", FeatureKind.values(), where),
        flag(feature, "behavior", where),
        flag(feature, "query", where),
        buckets(feature, where),
        hashSpace(feature, where));
  }

  /** The network adds and averages embeddings of fields, so they all have one length. */
  private void refuseDimension(JsonNode feature, String position) {
    for (String key : DIMENSION_KEYS) {
      if (feature.has(key)) {
        throw invalid(
            position
                + " has a '"
                + key
                + "', but the embeddings of all features have one dimension, "
                + DicmKeys.MODEL_EMBEDDING_DIMENSION
                + "; remove it here");
      }
    }
  }

  private Optional<NumberBuckets> buckets(JsonNode feature, String where) {
    JsonNode buckets = feature.path("buckets");
    if (buckets.isMissingNode()) {
      return Optional.empty();
    }
    if (buckets.has("quantiles")) {
      throw invalid(
          where
              + " has buckets by quantiles, which change with the data; write them as bounds, for"
              + " example those in _statistics.json beside earlier samples");
    }
    if (buckets.isArray()) {
      return Optional.of(new Bounds(bounds(buckets, where)));
    }
    JsonNode base = buckets.path("log");
    if (!buckets.isObject() || buckets.size() != 1 || !base.isNumber()) {
      throw invalid(
          where + " has buckets " + buckets + ", allowed a list of bounds or {\"log\": base}");
    }
    return Optional.of(new Log(base.asDouble()));
  }

  private List<Double> bounds(JsonNode buckets, String where) {
    List<Double> bounds = new ArrayList<>();
    for (JsonNode bound : buckets) {
      if (!bound.isNumber()) {
        throw invalid(where + " has the bound " + bound + " in buckets, needed numbers");
      }
      bounds.add(bound.asDouble());
    }
    return bounds;
  }

  private long hashSpace(JsonNode feature, String where) {
    JsonNode space = feature.path("hash_space");
    if (space.isMissingNode()) {
      return 0;
    }
    // 0 is how code says "none"; a file says it by leaving the key out.
    if (!space.canConvertToExactIntegral() || !space.canConvertToLong() || space.asLong() == 0) {
      throw invalid(
          where
              + " has hash_space "
              + space
              + ", allowed "
              + FeatureSchemaRules.LEAST_HASH_SPACE
              + " to "
              + FeatureSchemaRules.GREATEST_HASH_SPACE);
    }
    return space.asLong();
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
