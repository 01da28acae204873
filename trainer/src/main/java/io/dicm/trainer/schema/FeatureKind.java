package io.dicm.trainer.schema;

/** How many values a feature has. */
public enum FeatureKind {
  /** One ID. */
  ID,
  /** Any number of IDs, separated by {@code |} in the input. Their embeddings are averaged. */
  IDS,
  /** A number, which becomes the ID of its bucket. */
  NUMBER
}
