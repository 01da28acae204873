package io.dicm.trainer.ablation;

/** What a row of a table is there for. */
public enum RowKind {
  /** The model without pictures, which the others' gains refer to. */
  BASELINE,
  /** A model that is looked at. */
  MODEL,
  /** Must show no gain. */
  NEGATIVE_CONTROL,
  /** Must show a gain. */
  POSITIVE_CONTROL,
  /** A mean of training labels, without a model. */
  NO_MODEL
}
