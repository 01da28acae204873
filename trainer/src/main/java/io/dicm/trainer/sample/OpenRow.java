package io.dicm.trainer.sample;

import java.util.Arrays;
import java.util.List;

/** One row whose moments are given out one by one. For one thread. */
final class OpenRow {
  /** A row that has been given out. */
  static final OpenRow NONE =
      new OpenRow("", new long[0][], null, new long[0], new int[0], new int[0]);

  private final String userId;
  private final long[][] userKeys;
  private final Behaviors history;
  private final long[] timestamps;
  private final int[] arrivals;
  private final int[] behaviorCounts;
  private Behaviors current;
  private int moment;
  private int arrived;

  /**
   * @param timestamps [moment]
   * @param arrivals behaviours of the history that are new, [moment]
   * @param behaviorCounts of those that have arrived, how many are the moment's, [moment]
   */
  OpenRow(
      String userId,
      long[][] userKeys,
      Behaviors history,
      long[] timestamps,
      int[] arrivals,
      int[] behaviorCounts) {
    this.userId = userId;
    this.userKeys = userKeys;
    this.history = history;
    this.timestamps = timestamps;
    this.arrivals = arrivals;
    this.behaviorCounts = behaviorCounts;
  }

  boolean hasNext() {
    return moment < timestamps.length;
  }

  /** The next moment as a sample with these impressions. */
  Sample next(List<Impression> impressions) {
    int count = behaviorCounts[moment];
    boolean same = current != null && arrivals[moment] == 0 && current.imageKeys().length == count;
    arrived += arrivals[moment];
    if (!same) {
      current = last(count);
    }
    return new Sample(userId, timestamps[moment++], userKeys, current, impressions);
  }

  private Behaviors last(int count) {
    int from = arrived - count;
    long[][] ids = new long[history.idKeys().length][];
    for (int field = 0; field < ids.length; field++) {
      ids[field] = Arrays.copyOfRange(history.idKeys()[field], from, arrived);
    }
    return new Behaviors(Arrays.copyOfRange(history.imageKeys(), from, arrived), ids);
  }
}
