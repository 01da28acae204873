package io.dicm.trainer.model;

/**
 * A ragged list of lists of row numbers, laid end to end: no padding.
 *
 * @param rows the row numbers of all bags, bag after bag, [r]
 * @param offsets where each bag begins in {@code rows}, [bags]; a bag ends where the next begins
 */
public record Bags(int[] rows, int[] offsets) {
  /** The number of bags, empty ones counted. */
  public int count() {
    return offsets.length;
  }

  /** Where a bag ends in {@link #rows}. */
  public int end(int bag) {
    return bag + 1 < offsets.length ? offsets[bag + 1] : rows.length;
  }
}
