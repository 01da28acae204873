package io.dicm.ams.window;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which workers take part in which steps: all from step 0, each until it leaves. A step waits for
 * workers that have not joined yet, too.
 */
final class Membership {
  private static final long STAYS = Long.MAX_VALUE;

  private final boolean[] joined;
  private final long[] leavesAt;

  Membership(int workers) {
    joined = new boolean[workers];
    leavesAt = new long[workers];
    Arrays.fill(leavesAt, STAYS);
  }

  void join(int worker) {
    check(worker);
    joined[worker] = true;
  }

  void leave(int worker, long nextStep) {
    check(worker);
    leavesAt[worker] = Math.min(leavesAt[worker], nextStep);
  }

  boolean hasLeft(int worker, long step) {
    check(worker);
    return leavesAt[worker] <= step;
  }

  /** The workers that a step waits for, in order. */
  List<Integer> activeAt(long step) {
    return IntStream.range(0, joined.length).filter(w -> !hasLeft(w, step)).boxed().toList();
  }

  /** The workers that take part in the step and have not joined, in order. */
  List<Integer> missingAt(long step) {
    return activeAt(step).stream().filter(worker -> !joined[worker]).toList();
  }

  /** Fails unless the worker may take part in the step. */
  void checkActive(int worker, long step) {
    check(worker);
    if (!joined[worker]) {
      throw refused(worker, step, "it has not joined");
    }
    if (hasLeft(worker, step)) {
      throw refused(worker, step, "it left before step " + leavesAt[worker]);
    }
  }

  /** Fails unless there is such a worker. */
  void check(int worker) {
    if (worker < 0 || worker >= joined.length) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot serve worker " + worker + ": there are workers 0.." + (joined.length - 1) + ".");
    }
  }

  private static DicmException refused(int worker, long step, String why) {
    return new DicmException(
        ErrorCode.INTERNAL, "Cannot run step " + step + " for worker " + worker + ": " + why + ".");
  }
}
