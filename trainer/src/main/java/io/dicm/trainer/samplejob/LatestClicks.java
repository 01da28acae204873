package io.dicm.trainer.samplejob;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The latest clicks of a user in whatever order they come, as many as both windows of a {@link
 * UserHistory} need: those of items that are held out, and the others, are bounded each, because
 * one window has both and the other one has the others alone. For one thread.
 */
final class LatestClicks {
  private static final Comparator<KeyedClick> EARLIEST_FIRST =
      Comparator.comparing(KeyedClick::key);

  private final int maxBehaviors;
  private final Queue<KeyedClick> known = new PriorityQueue<>(EARLIEST_FIRST);
  private final Queue<KeyedClick> heldOut = new PriorityQueue<>(EARLIEST_FIRST);

  /**
   * @param maxBehaviors most clicks of a window, 0 or more
   */
  LatestClicks(int maxBehaviors) {
    this.maxBehaviors = maxBehaviors;
  }

  void add(KeyedClick clicked) {
    Queue<KeyedClick> clicks = clicked.click().heldOut() ? heldOut : known;
    clicks.add(clicked);
    if (clicks.size() > maxBehaviors) {
      clicks.remove();
    }
  }

  /** All that are held, at most twice the bound, in no order. */
  List<KeyedClick> all() {
    List<KeyedClick> all = new ArrayList<>(known);
    all.addAll(heldOut);
    return all;
  }
}
