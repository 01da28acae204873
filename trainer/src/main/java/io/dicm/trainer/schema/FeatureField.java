package io.dicm.trainer.schema;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.util.Optional;

/**
 * One feature of {@code features.json}.
 *
 * @param name the column, unique over all sides
 * @param side whose property it is
 * @param kind one ID, several, or a number
 * @param behavior whether behaviours carry it too (item features with one ID only)
 * @param query whether it is part of the attention's ID query (item features only)
 * @param buckets the buckets of a feature of kind {@link FeatureKind#NUMBER}, none for other kinds
 * @param hashSpace into how many IDs the values are hashed; 0: each value is an ID of its own
 */
public record FeatureField(
    String name,
    FeatureSide side,
    FeatureKind kind,
    boolean behavior,
    boolean query,
    @JsonSerialize(using = NumberBucketsJson.Writer.class)
        @JsonDeserialize(using = NumberBucketsJson.Reader.class)
        Optional<NumberBuckets> buckets,
    long hashSpace) {
  public FeatureField {
    // Absent in what older versions wrote.
    buckets = buckets == null ? Optional.empty() : buckets;
  }

  /** An ID feature whose values are IDs of their own. */
  public FeatureField(
      String name, FeatureSide side, FeatureKind kind, boolean behavior, boolean query) {
    this(name, side, kind, behavior, query, Optional.empty(), 0);
  }
}
