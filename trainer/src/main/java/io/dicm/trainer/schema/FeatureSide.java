package io.dicm.trainer.schema;

/** Whose property a feature is, and so which input table holds its column. */
public enum FeatureSide {
  /** Columns of {@code users}; {@code user_id} is there without the table too. */
  USER,
  /** Columns of {@code items}. */
  ITEM,
  /** Columns of {@code impressions}. */
  CONTEXT
}
