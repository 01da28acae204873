package io.dicm.trainer.schema;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.schema.NumberBuckets.Bounds;
import io.dicm.trainer.schema.NumberBuckets.Log;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What must hold between the fields of a schema. */
final class FeatureSchemaRules {
  /** Least number of IDs that values are hashed into. */
  static final long LEAST_HASH_SPACE = 2;

  /** Greatest; above it hardly any two values share an ID. */
  static final long GREATEST_HASH_SPACE = 1L << 40;

  private static final int MOST_BOUNDS = 10_000;
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
      checkBuckets(field);
      checkHashSpace(field);
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
    if (field.behavior() && !(item && field.kind() != FeatureKind.IDS)) {
      throw invalid(
          "feature '"
              + field.name()
              + "' has behavior true, allowed only on side item, kind id or number");
    }
    if (field.query() && !item) {
      throw invalid("feature '" + field.name() + "' has query true, allowed only on side item");
    }
  }

  private void checkBuckets(FeatureField field) {
    boolean number = field.kind() == FeatureKind.NUMBER;
    if (number && field.buckets().isEmpty()) {
      throw invalid(
          "feature '"
              + field.name()
              + "' has kind number and no buckets, needed a list of bounds or {\"log\": base}");
    }
    if (!number && field.buckets().isPresent()) {
      throw invalid("feature '" + field.name() + "' has buckets, allowed only with kind number");
    }
    field.buckets().ifPresent(buckets -> checkBuckets(field.name(), buckets));
  }

  private void checkBuckets(String name, NumberBuckets buckets) {
    if (buckets instanceof Log log
        && !(log.base() >= Log.LEAST_BASE && log.base() <= Log.GREATEST_BASE)) {
      throw invalid(
          "feature '"
              + name
              + "' has buckets by the logarithm to the base "
              + log.base()
              + ", allowed "
              + Log.LEAST_BASE
              + " to "
              + Log.GREATEST_BASE);
    }
    if (buckets instanceof Bounds bounds) {
      checkBounds(name, bounds.bounds());
    }
  }

  private void checkBounds(String name, List<Double> bounds) {
    if (bounds.isEmpty() || bounds.size() > MOST_BOUNDS) {
      throw invalid(
          "feature '" + name + "' has " + bounds.size() + " bounds, allowed 1 to " + MOST_BOUNDS);
    }
    double last = Double.NEGATIVE_INFINITY;
    for (double bound : bounds) {
      if (!(bound > last && bound < Double.POSITIVE_INFINITY)) {
        throw invalid(
            "feature '"
                + name
                + "' has the bound "
                + bound
                + " after "
                + last
                + ", bounds must be ascending and finite");
      }
      last = bound;
    }
  }

  private void checkHashSpace(FeatureField field) {
    long space = field.hashSpace();
    if (space == 0) {
      return;
    }
    if (field.kind() == FeatureKind.NUMBER) {
      throw invalid(
          "feature '" + field.name() + "' has kind number and hash_space, its buckets are its IDs");
    }
    if (space < LEAST_HASH_SPACE || space > GREATEST_HASH_SPACE) {
      throw invalid(
          "feature '"
              + field.name()
              + "' has hash_space "
              + space
              + ", allowed "
              + LEAST_HASH_SPACE
              + " to "
              + GREATEST_HASH_SPACE);
    }
  }

  private DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.FEATURES_JSON_INVALID, "Cannot use " + source + ": " + why + ".");
  }
}
