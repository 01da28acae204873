package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.samplejob.UserEvent.Clicked;
import java.util.ArrayDeque;
import java.util.Deque;

/** The latest clicks of one user, at most a fixed number, while the user's time moves on. */
final class BehaviorWindow {
  private static final long SECONDS_PER_DAY = 86_400;

  private final int behaviorFields;
  private final int maxBehaviors;
  private final long windowSeconds;
  private final Deque<TimedClick> clicks = new ArrayDeque<>();

  /**
   * @param windowDays days in which a click counts, 0 for any age
   */
  BehaviorWindow(int behaviorFields, int maxBehaviors, int windowDays) {
    this.behaviorFields = behaviorFields;
    this.maxBehaviors = maxBehaviors;
    this.windowSeconds = windowDays == 0 ? Long.MAX_VALUE : windowDays * SECONDS_PER_DAY;
  }

  /** Adds a click, not older than those before. */
  void add(long timestampSeconds, Clicked click) {
    clicks.addLast(new TimedClick(timestampSeconds, click));
    if (clicks.size() > maxBehaviors) {
      clicks.removeFirst();
    }
  }

  /** The clicks within the window before this moment, oldest first. */
  Behaviors before(long timestampSeconds) {
    while (!clicks.isEmpty()
        && timestampSeconds - clicks.getFirst().timestampSeconds() > windowSeconds) {
      clicks.removeFirst();
    }
    long[] imageKeys = new long[clicks.size()];
    long[][] idKeys = new long[behaviorFields][clicks.size()];
    int t = 0;
    for (TimedClick timed : clicks) {
      imageKeys[t] = timed.click().imageKey();
      for (int field = 0; field < behaviorFields; field++) {
        idKeys[field][t] = timed.click().idKeys()[field];
      }
      t++;
    }
    return new Behaviors(imageKeys, idKeys);
  }

  private record TimedClick(long timestampSeconds, Clicked click) {}
}
