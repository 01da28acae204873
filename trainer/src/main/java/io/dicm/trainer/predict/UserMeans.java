package io.dicm.trainer.predict;

import io.dicm.ams.table.KeyIndex;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import java.io.IOException;
import java.util.Arrays;

/**
 * Impressions and clicks of each user in training, in memory as arrays: at most 56 bytes a user.
 * Filled by one thread, read by any.
 */
final class UserMeans {
  private static final int FIRST_ROWS = 1024;

  private final KeyIndex keys = new KeyIndex(FIRST_ROWS);
  private int[] impressions = new int[FIRST_ROWS];
  private int[] clicks = new int[FIRST_ROWS];

  UserMeans() {}

  /** Counts all samples of the source, which it closes. */
  static UserMeans of(SampleSource training) throws IOException {
    UserMeans means = new UserMeans();
    try (training) {
      for (Sample sample = training.next(); sample != null; sample = training.next()) {
        int row = means.row(key(sample.userId()));
        for (Impression impression : sample.impressions()) {
          means.impressions[row]++;
          means.clicks[row] += impression.label();
        }
      }
    }
    return means;
  }

  long impressions(String userId) {
    int row = keys.rowOf(key(userId));
    return row == KeyIndex.ABSENT ? 0 : impressions[row];
  }

  long clicks(String userId) {
    int row = keys.rowOf(key(userId));
    return row == KeyIndex.ABSENT ? 0 : clicks[row];
  }

  private int row(long key) {
    int known = keys.rowOf(key);
    int row = known == KeyIndex.ABSENT ? keys.add(key) : known;
    if (row == impressions.length) {
      impressions = Arrays.copyOf(impressions, 2 * row);
      clicks = Arrays.copyOf(clicks, 2 * row);
    }
    return row;
  }

  private static long key(String userId) {
    return Fingerprints.idKey("user_id", userId);
  }
}
