package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.samplejob.UserEvent.Clicked;

/**
 * The latest clicks of one user as each split may know them: training has its own window where
 * items are held out, as if they had never been clicked.
 */
final class UserHistory {
  private final BehaviorWindow forTest;
  private final BehaviorWindow forTraining;

  private UserHistory(BehaviorWindow forTest, BehaviorWindow forTraining) {
    this.forTest = forTest;
    this.forTraining = forTraining;
  }

  /** Before the user's first click. */
  static UserHistory of(SampleSettings settings, TrainingFilter filter, int behaviorFields) {
    BehaviorWindow all = window(settings, behaviorFields);
    return new UserHistory(all, filter.holdsOutItems() ? window(settings, behaviorFields) : all);
  }

  /** Adds a click, not older than those before. */
  void add(long timestampSeconds, Clicked click) {
    forTest.add(timestampSeconds, click);
    if (forTraining != forTest && !click.heldOut()) {
      forTraining.add(timestampSeconds, click);
    }
  }

  /** The clicks within the window before this moment, oldest first. */
  Behaviors before(SampleSplit split, long timestampSeconds) {
    return (split == SampleSplit.TRAIN ? forTraining : forTest).before(timestampSeconds);
  }

  private static BehaviorWindow window(SampleSettings settings, int behaviorFields) {
    return new BehaviorWindow(behaviorFields, settings.maxBehaviors(), settings.windowDays());
  }
}
