package io.dicm.ams.window;

/**
 * How far the parameters that a step starts from may lie behind.
 *
 * @param steps 0: synchronous, each step starts from all earlier ones' updates; k, 1 or more: from
 *     the updates of all but the k steps just before, never fewer and never more, so that training
 *     stays deterministic; -1: asynchronous, each worker's update is made when it comes and no
 *     worker waits for another
 */
public record Staleness(int steps) {
  /** Each step starts from all earlier ones' updates. */
  public static final Staleness SYNCHRONOUS = new Staleness(0);

  /** No worker waits for another. */
  public static final Staleness ASYNCHRONOUS = new Staleness(-1);

  /** The largest bounded staleness. */
  public static final int MOST_STEPS = 64;

  public Staleness {
    if (steps < -1 || steps > MOST_STEPS) {
      throw new IllegalArgumentException(
          "Staleness was " + steps + ", allowed -1 to " + MOST_STEPS);
    }
  }

  /** Whether no worker waits for another. */
  public boolean isAsynchronous() {
    return steps < 0;
  }

  /** Steps that a worker asks for beyond the one that it computes. */
  public int stepsAhead() {
    return isAsynchronous() ? 1 : steps;
  }
}
