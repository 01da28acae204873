package io.dicm.ams.embedding;

/**
 * How many rows were last asked for in which step, to find the step since which a wanted number of
 * rows was asked for. Takes 4 bytes a step between that one and the newest. Not safe for use by
 * many threads.
 */
final class StepHistogram {
  private static final int FIRST_SLOTS = 1 << 10;

  private final long wanted;
  private int[] counts = new int[FIRST_SLOTS];
  private boolean begun;
  private long oldest;
  private long newest;
  private long rows;

  /**
   * @param wanted rows, 1 or more
   */
  StepHistogram(long wanted) {
    this.wanted = wanted;
  }

  /** A row was asked for in {@code step}; restored ones come in any order. */
  void add(long step) {
    if (!begun) {
      begun = true;
      oldest = step;
      newest = step;
    }
    long from = Math.min(oldest, step);
    long to = Math.max(newest, step);
    while (to - from >= counts.length) {
      grow();
    }
    oldest = from;
    newest = to;
    counts[slotOf(step)]++;
    rows++;
  }

  /** A row that was last asked for in {@code step} was asked for later, or is no more. */
  void remove(long step) {
    if (step >= oldest) {
      counts[slotOf(step)]--;
      rows--;
    }
  }

  /** Goes on to the last step since which the wanted rows were asked for, if there are so many. */
  void advance() {
    while (oldest < newest && rows - counts[slotOf(oldest)] >= wanted) {
      rows -= counts[slotOf(oldest)];
      counts[slotOf(oldest)] = 0;
      oldest++;
    }
  }

  /** The step that {@link #advance} came to, at first the oldest of all. */
  long oldest() {
    return oldest;
  }

  private int slotOf(long step) {
    return (int) step & (counts.length - 1);
  }

  private void grow() {
    int[] before = counts;
    int[] after = new int[Math.multiplyExact(before.length, 2)];
    for (long step = oldest; step <= newest; step++) {
      after[(int) step & (after.length - 1)] = before[(int) step & (before.length - 1)];
    }
    counts = after;
  }
}
