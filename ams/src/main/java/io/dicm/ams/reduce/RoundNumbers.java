package io.dicm.ams.reduce;

import java.util.List;

/**
 * How rounds are numbered: {@code step * lanes + lane}. A lane is a sequence of steps that come one
 * after another on every server. Synchronous training has one lane, and a round is a step.
 * Asynchronous training has one for each worker: rounds of different lanes are open beside each
 * other, begun in different orders on different servers.
 *
 * @param firstSteps the first step to come of each lane
 */
public record RoundNumbers(List<Long> firstSteps) {
  public RoundNumbers {
    firstSteps = List.copyOf(firstSteps);
    if (firstSteps.isEmpty()) {
      throw new IllegalArgumentException("There must be a lane at least");
    }
  }

  /** One round after another, each a step of all workers. */
  public static RoundNumbers ordered(long firstStep) {
    return new RoundNumbers(List.of(firstStep));
  }

  /** The number of lanes. */
  public int lanes() {
    return firstSteps.size();
  }

  /** Whether all servers have all rounds in the same order. */
  public boolean isOrdered() {
    return lanes() == 1;
  }

  /** The round of a lane's step. */
  public long round(int lane, long step) {
    return Math.addExact(Math.multiplyExact(step, (long) lanes()), lane);
  }

  /** The lane of a round. */
  public int lane(long round) {
    return (int) Math.floorMod(round, (long) lanes());
  }

  /** The step of a round. */
  public long step(long round) {
    return Math.floorDiv(round, (long) lanes());
  }

  /** A round in words, for messages. */
  String name(long round) {
    return isOrdered()
        ? "step " + round
        : "step " + step(round) + " of worker " + lane(round) + " (round " + round + ")";
  }
}
