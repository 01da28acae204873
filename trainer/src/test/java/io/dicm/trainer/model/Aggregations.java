package io.dicm.trainer.model;

/** An aggregation of every kind, with small numbers where a kind has one; for tests. */
public final class Aggregations {
  private Aggregations() {}

  public static Aggregation small(AggregatorKind kind) {
    return new Aggregation(kind, kind == AggregatorKind.CONCAT ? 3 : 0, kind.countsTiers() ? 5 : 0);
  }
}
