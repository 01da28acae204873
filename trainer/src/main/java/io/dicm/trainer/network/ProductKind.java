package io.dicm.trainer.network;

/** The products that a PNN takes of its fields (arXiv 1611.00144). */
public enum ProductKind {
  /** Inner products of pairs of fields. */
  INNER,
  /** The outer product of the fields' sum with itself. */
  OUTER,
  /** Both, side by side, each with weights of its own: their signals are added. */
  BOTH
}
