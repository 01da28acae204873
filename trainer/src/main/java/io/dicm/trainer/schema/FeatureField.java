package io.dicm.trainer.schema;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * One feature of {@code features.json}. Models have it in their JSON: what a field does not have is
 * left out there.
 *
 * @param name the column, unique over all sides
 * @param side whose property it is
 * @param kind one ID, several, or a number
 * @param behavior whether behaviours carry it too (item features with one ID only)
 * @param query whether it is part of the attention's ID query (item features only)
 * @param numberBuckets the buckets of a feature of kind {@link FeatureKind#NUMBER}, null for other
 *     kinds; see {@link #buckets}
 * @param hashSpace into how many IDs the values are hashed; 0: each value is an ID of its own
 */
public record FeatureField(
    String name,
    FeatureSide side,
    FeatureKind kind,
    boolean behavior,
    boolean query,
    @JsonInclude(JsonInclude.Include.NON_NULL) NumberBuckets numberBuckets,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) long hashSpace) {

  /** An ID feature whose values are IDs of their own. */
  public FeatureField(
      String name, FeatureSide side, FeatureKind kind, boolean behavior, boolean query) {
    this(name, side, kind, behavior, query, (NumberBuckets) null, 0);
  }

  /** A feature that may have buckets. */
  public FeatureField(
      String name,
      FeatureSide side,
      FeatureKind kind,
      boolean behavior,
      boolean query,
      Optional<NumberBuckets> buckets,
      long hashSpace) {
    this(name, side, kind, behavior, query, buckets.orElse(null), hashSpace);
  }

  /** The buckets of a number; none for other kinds. */
  public Optional<NumberBuckets> buckets() {
    return Optional.ofNullable(numberBuckets);
  }
}
