package io.dicm.trainer.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hands out the leases of all epochs and remembers who had which, in order. A member asks by the
 * place of a lease among its own: one that it had is given again, the next one is taken from those
 * that nobody had. So each lease of an epoch goes to exactly one member, whatever is asked twice.
 *
 * <p>That is also what makes a worker's place in the samples exact across a restart. The samples
 * that a worker reads follow from its leases in their order, its batches from those samples, so the
 * batch of a step from the leases up to it and nothing else. The process that takes over a worker's
 * number is given the same leases in the same order, and reading on to the checkpoint's step leaves
 * out just the batches whose updates the checkpoint has. Leases that a worker had taken beyond that
 * step are its next ones again, and nobody else gets them: the finished training has every row once
 * an epoch. The end of an epoch is remembered too: it is seen only when no lease is left, and none
 * ever comes back.
 *
 * <p>It lives as long as the application master. Safe for use by many threads.
 */
public final class LeaseLedger {
  private final LeasePlan plan;
  private final int members;
  private final int epochs;
  private final Map<Integer, Epoch> begun = new HashMap<>();

  /**
   * @param members who may ask, by numbers from 0
   * @param epochs passes over the samples
   */
  public LeaseLedger(LeasePlan plan, int members, int epochs) {
    this.plan = plan;
    this.members = members;
    this.epochs = epochs;
  }

  /**
   * A member's lease; nothing when none is left.
   *
   * @param member from 0
   * @param epoch from 0
   * @param number its place among the member's leases of the epoch, from 0
   * @throws IllegalArgumentException for a member or epoch that there is not, and for a place
   *     beyond the next one
   */
  public synchronized Optional<SampleLease> lease(int member, int epoch, int number) {
    requireBelow("Member", member, members);
    requireBelow("Epoch", epoch, epochs);
    Epoch asked = begun.computeIfAbsent(epoch, ignored -> new Epoch(plan.ofEpoch(epoch)));
    List<SampleLease> had = asked.had.computeIfAbsent(member, ignored -> new ArrayList<>());
    requireBelow("Number of member " + member + "'s lease", number, had.size() + 1);
    if (number == had.size()) {
      if (!asked.left.hasNext()) {
        return Optional.empty();
      }
      had.add(asked.left.next());
    }
    return Optional.of(had.get(number));
  }

  private static void requireBelow(String what, int value, int limit) {
    if (value < 0 || value >= limit) {
      throw new IllegalArgumentException(
          what + " was " + value + ", allowed 0.." + (limit - 1) + ".");
    }
  }

  private static final class Epoch {
    private final Iterator<SampleLease> left;
    private final Map<Integer, List<SampleLease>> had = new HashMap<>();

    private Epoch(List<SampleLease> leases) {
      this.left = leases.iterator();
    }
  }
}
