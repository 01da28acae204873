package io.dicm.ams.server;

import io.dicm.ams.table.MergedRows;

/** Counts the images that workers asked for. For one thread. */
final class ReferenceCounts {
  private long total;
  private long unique;
  private long missing;

  /** Adds what a window asked for. */
  void add(MergedRows rows) {
    total += rows.references();
    unique += rows.uniqueRows().length;
  }

  /** Adds references to images that the feature store does not have. */
  void addMissing(long references) {
    missing += references;
  }

  /** Images asked for so far, repetitions over workers included. */
  long total() {
    return total;
  }

  /** Different images of each window so far. */
  long unique() {
    return unique;
  }

  /** Images asked for so far that the feature store does not have. */
  long missing() {
    return missing;
  }
}
