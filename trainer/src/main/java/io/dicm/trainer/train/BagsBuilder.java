package io.dicm.trainer.train;

import io.dicm.trainer.model.Bags;
import java.util.Arrays;

/** Lays bags of row numbers end to end. */
final class BagsBuilder {
  private static final int FIRST_CAPACITY = 1024;

  private int[] rows = new int[FIRST_CAPACITY];
  private int[] offsets = new int[FIRST_CAPACITY];
  private int rowCount;
  private int bagCount;

  /** Begins the next bag. */
  void beginBag() {
    if (bagCount == offsets.length) {
      offsets = Arrays.copyOf(offsets, 2 * bagCount);
    }
    offsets[bagCount++] = rowCount;
  }

  /** Adds a row number to the bag begun last. */
  void add(int row) {
    if (rowCount == rows.length) {
      rows = Arrays.copyOf(rows, 2 * rowCount);
    }
    rows[rowCount++] = row;
  }

  /** Adds row numbers to the bag begun last. */
  void addAll(int[] more) {
    for (int row : more) {
      add(row);
    }
  }

  Bags build() {
    return new Bags(Arrays.copyOf(rows, rowCount), Arrays.copyOf(offsets, bagCount));
  }
}
