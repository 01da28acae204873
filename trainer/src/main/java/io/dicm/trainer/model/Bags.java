package io.dicm.trainer.model;

import java.util.Arrays;

/**
 * A ragged list of lists of row numbers, laid end to end: no padding.
 *
 * @param rows the row numbers of all bags, bag after bag, [r]
 * @param offsets where each bag begins in {@code rows}, [bags]; a bag ends where the next begins
 */
public record Bags(int[] rows, int[] offsets) {
  /** No bags. */
  public static final Bags NONE = new Bags(new int[0], new int[0]);

  /** Bags of one row each. */
  static Bags singles(int[] rows) {
    int[] offsets = new int[rows.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = i;
    }
    return new Bags(rows, offsets);
  }

  /** The number of bags, empty ones counted. */
  public int count() {
    return offsets.length;
  }

  /** Where a bag ends in {@link #rows}. */
  public int end(int bag) {
    return bag + 1 < offsets.length ? offsets[bag + 1] : rows.length;
  }

  /** The bag that each entry of {@link #rows} is in, [r]. */
  int[] bagOfEntry() {
    int[] bagOfEntry = new int[rows.length];
    for (int bag = 0; bag < count(); bag++) {
      Arrays.fill(bagOfEntry, offsets[bag], end(bag), bag);
    }
    return bagOfEntry;
  }

  /**
   * The other way round: for each row of the table a bag of the entries that name it, in ascending
   * order. What flows forward from rows into bags flows back along it, as a sum without scattered
   * writes.
   *
   * @param tableRows rows of the table that {@link #rows} are numbers of
   */
  Bags entriesOfRows(int tableRows) {
    int[] next = new int[tableRows + 1];
    for (int row : rows) {
      next[row + 1]++;
    }
    for (int row = 0; row < tableRows; row++) {
      next[row + 1] += next[row];
    }
    int[] begins = Arrays.copyOf(next, tableRows);
    int[] entries = new int[rows.length];
    for (int entry = 0; entry < rows.length; entry++) {
      entries[next[rows[entry]]++] = entry;
    }
    return new Bags(entries, begins);
  }
}
