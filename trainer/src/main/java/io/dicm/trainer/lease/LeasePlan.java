package io.dicm.trainer.lease;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * All leases of a samples directory and the order in which each epoch hands them out.
 *
 * @param leases every row once, ascending
 * @param seed of the epochs' orders; without one each epoch has the rows' own order
 */
public record LeasePlan(List<SampleLease> leases, OptionalLong seed) {
  public LeasePlan {
    leases = List.copyOf(leases);
  }

  /**
   * Cuts row groups into equal leases: within each they differ by at most one row.
   *
   * @param rowGroups rows of each, in the order of files and within files
   */
  public static LeasePlan of(List<Long> rowGroups, LeaseSize size, OptionalLong seed) {
    long mostRows = size.rows(rowGroups.stream().mapToLong(Long::longValue).sum());
    List<SampleLease> leases = new ArrayList<>();
    long start = 0;
    for (long rows : rowGroups) {
      long pieces = (rows + mostRows - 1) / mostRows;
      for (long piece = 0; piece < pieces; piece++) {
        leases.add(
            new SampleLease(start + rows * piece / pieces, start + rows * (piece + 1) / pieces));
      }
      start += rows;
    }
    return new LeasePlan(leases, seed);
  }

  /**
   * The leases in an epoch's order, which depends on seed and epoch alone.
   *
   * @param epoch from 0
   */
  List<SampleLease> ofEpoch(int epoch) {
    if (seed.isEmpty()) {
      return leases;
    }
    SplittableRandom random = new SplittableRandom(seed.getAsLong());
    for (int skipped = 0; skipped < epoch; skipped++) {
      random.nextLong();
    }
    List<SampleLease> shuffled = new ArrayList<>(leases);
    Collections.shuffle(shuffled, new Random(random.nextLong()));
    return shuffled;
  }
}
