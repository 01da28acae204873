package io.dicm.trainer.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
 * <p>It lives as long as the application master, and longer by {@link #taken}: another one that is
 * made from it gives the same leases to the same members. Safe for use by many threads.
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
   * One that goes on where another of the same plan was.
   *
   * @param taken what {@link #taken} of the other said
   * @throws IllegalArgumentException when it does not fit the plan, the members or the epochs
   */
  public LeaseLedger(LeasePlan plan, int members, int epochs, Map<Integer, List<Integer>> taken) {
    this(plan, members, epochs);
    taken.forEach(
        (epoch, owners) -> {
          for (int member : owners) {
            if (lease(member, epoch, held(epoch, member)).isEmpty()) {
              throw new IllegalArgumentException(
                  "Epoch " + epoch + " has fewer leases than the " + owners.size() + " taken.");
            }
          }
        });
  }

  /** By epoch, from 0: the members that took its leases, in the order of the plan. */
  public synchronized Map<Integer, List<Integer>> taken() {
    Map<Integer, List<Integer>> taken = new TreeMap<>();
    begun.forEach((epoch, state) -> taken.put(epoch, List.copyOf(state.owners)));
    return taken;
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
      asked.owners.add(member);
    }
    return Optional.of(had.get(number));
  }

  private int held(int epoch, int member) {
    return begun.containsKey(epoch)
        ? begun.get(epoch).had.getOrDefault(member, List.of()).size()
        : 0;
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
    private final List<Integer> owners = new ArrayList<>();

    private Epoch(List<SampleLease> leases) {
      this.left = leases.iterator();
    }
  }
}
