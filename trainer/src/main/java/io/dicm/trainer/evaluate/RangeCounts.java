package io.dicm.trainer.evaluate;

/**
 * Counts a map task's impressions by range of scores and part, so that every reducer can be told
 * what there is below its range: memory is a number for each of both. For one thread.
 */
final class RangeCounts {
  private final long[][] counts;

  RangeCounts(int ranges, int parts) {
    this.counts = new long[ranges][parts];
  }

  /**
   * @param parts numbers of the parts that the impression belongs to
   */
  void add(int range, int[] parts) {
    for (int part : parts) {
      counts[range][part]++;
    }
  }

  /** What the reducer of a range has to know. */
  PartCounts of(int range) {
    int parts = counts[0].length;
    long[] total = new long[parts];
    long[] below = new long[parts];
    for (int one = 0; one < counts.length; one++) {
      for (int part = 0; part < parts; part++) {
        total[part] += counts[one][part];
        below[part] += one < range ? counts[one][part] : 0;
      }
    }
    return new PartCounts(total, below);
  }
}
