package io.dicm.trainer.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One row while it grows: consecutive samples of one user, whose behaviours are stored once. Its
 * size is bounded, so that a very active user has several rows. For one thread.
 */
final class SampleRun {
  private static final int MOST_MOMENTS = 256;
  private static final int MOST_IMPRESSIONS = 2048;
  private static final int MOST_BEHAVIORS = 16_384;

  private final SharedHistory history;
  private final List<Moment> moments = new ArrayList<>();
  private Sample first;
  private int impressions;

  /**
   * @param behaviorFields behaviour fields
   */
  SampleRun(int behaviorFields) {
    this.history = new SharedHistory(behaviorFields);
  }

  boolean isEmpty() {
    return moments.isEmpty();
  }

  /** Whether a sample may be added: it is of the same user, and there is room. */
  boolean takes(Sample sample) {
    return isEmpty()
        || (moments.size() < MOST_MOMENTS
            && impressions < MOST_IMPRESSIONS
            && history.size() < MOST_BEHAVIORS
            && first.userId().equals(sample.userId())
            && Arrays.deepEquals(first.userKeys(), sample.userKeys()));
  }

  void add(Sample sample) {
    if (isEmpty()) {
      first = sample;
    }
    int arrived = history.append(sample.behaviors());
    moments.add(
        new Moment(
            sample.timestampSeconds(),
            arrived,
            sample.behaviors().imageKeys().length,
            sample.impressions()));
    impressions += sample.impressions().size();
  }

  /** The row; this run is empty afterwards. */
  Row take() {
    Row row = new Row(first.userId(), first.userKeys(), history.take(), List.copyOf(moments));
    moments.clear();
    impressions = 0;
    return row;
  }

  /**
   * A row of a sample file.
   *
   * @param history behaviours of all moments, each once, oldest first
   */
  record Row(String userId, long[][] userKeys, Behaviors history, List<Moment> moments) {}

  /**
   * What a moment adds to its row.
   *
   * @param arrived behaviours of the history that no earlier moment of the row has
   * @param behaviors behaviours of this moment: the last ones of those that have arrived
   */
  record Moment(long timestampSeconds, int arrived, int behaviors, List<Impression> impressions) {}
}
