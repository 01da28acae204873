package io.dicm.trainer.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dicm.trainer.schema.NumberBuckets.Bounds;
import io.dicm.trainer.schema.NumberBuckets.Log;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The shape of {@code features.json} when it is written.
 *
 * @param features at least one
 * @param crosses lists of two names; left out without any
 */
record FeaturesDocument(
    List<Feature> features,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<List<String>> crosses) {

  static FeaturesDocument of(FeatureSchema schema) {
    return new FeaturesDocument(
        schema.fields().stream().map(Feature::of).toList(),
        schema.crosses().stream().map(pair -> List.of(pair.first(), pair.second())).toList());
  }

  /**
   * One entry; what is off or not there is left out.
   *
   * @param buckets a list of bounds or a map with the logarithm's base
   */
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  record Feature(
      String name,
      String side,
      String kind,
      boolean behavior,
      boolean query,
      Object buckets,
      @JsonProperty("hash_space") long hashSpace) {
    static Feature of(FeatureField field) {
      return new Feature(
          field.name(),
          field.side().name().toLowerCase(Locale.ROOT),
          field.kind().name().toLowerCase(Locale.ROOT),
          field.behavior(),
          field.query(),
          field.buckets().map(Feature::json).orElse(null),
          field.hashSpace());
    }

    private static Object json(NumberBuckets buckets) {
      if (buckets instanceof Log log) {
        return Map.of("log", log.base());
      }
      return ((Bounds) buckets).bounds();
    }
  }
}
