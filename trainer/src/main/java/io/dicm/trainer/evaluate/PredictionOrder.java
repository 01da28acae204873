package io.dicm.trainer.evaluate;

import java.util.Comparator;

/**
 * The order of a file of predictions: by user, moment and impression. Texts are in the order of
 * their UTF-8 bytes, as Parquet's statistics are, so that row groups and pages of a file have
 * ranges of users that do not overlap. Safe for use by many threads.
 */
public final class PredictionOrder implements Comparator<Prediction> {
  /** The columns, as the footers of files name them. */
  static final String COLUMNS = "user_id,ts,impression_id";

  /** Footer entry: what a file's rows are sorted by. Parquet's own field cannot be written. */
  static final String FOOTER = "dicm.predictions.sorted-by";

  @Override
  public int compare(Prediction first, Prediction second) {
    int order = compareBytes(first.userId(), second.userId());
    if (order == 0) {
      order = Long.compare(first.timestampSeconds(), second.timestampSeconds());
    }
    return order == 0 ? compareBytes(first.impressionId(), second.impressionId()) : order;
  }

  /** A surrogate, half of a character beyond the first 65,536, comes after all others. */
  private static int compareBytes(String first, String second) {
    int length = Math.min(first.length(), second.length());
    for (int i = 0; i < length; i++) {
      char a = first.charAt(i);
      char b = second.charAt(i);
      if (a != b) {
        boolean surrogate = Character.isSurrogate(a);
        return surrogate == Character.isSurrogate(b) ? Character.compare(a, b) : surrogate ? 1 : -1;
      }
    }
    return Integer.compare(first.length(), second.length());
  }
}
