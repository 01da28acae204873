package io.dicm.trainer.schema;

/**
 * One ID feature of {@code features.json}.
 *
 * @param name the column, unique over all sides
 * @param side whose property it is
 * @param kind one ID or several
 * @param behavior whether behaviours carry it too (item features of kind {@link FeatureKind#ID}
 *     only)
 * @param query whether it is part of the attention's ID query (item features only)
 */
public record FeatureField(
    String name, FeatureSide side, FeatureKind kind, boolean behavior, boolean query) {}
