package io.dicm.trainer.ablation;

import io.dicm.ams.table.KeyIndex;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.Arrays;

/**
 * Impressions and clicks by picture, in arrays, and what they come to as one number each: the logit
 * of (clicks + {@value #PRIOR} p) / (impressions + {@value #PRIOR}), p being the share of clicks
 * among all impressions, less the pictures' mean and divided by their standard deviation. For one
 * thread.
 */
final class ClickCounts {
  /**
   * Impressions of an average picture that every picture is given besides its own. With few of them
   * a rare item's picture would tell the label of its one test impression, which is more than any
   * real picture could: so many leave about what is common to an item's impressions.
   */
  static final int PRIOR = 30;

  private static final int ROOM = 1024;

  private final long mostImages;
  private final KeyIndex index = new KeyIndex(ROOM);
  private long[] keys = new long[ROOM];
  private long[] impressionsOf = new long[ROOM];
  private long[] clicksOf = new long[ROOM];
  private long impressions;
  private long clicks;

  /** Takes a picture's number. */
  @FunctionalInterface
  interface SignalConsumer {
    void accept(long imageKey, double signal) throws IOException;
  }

  /**
   * @param mostImages more than this are refused
   */
  ClickCounts(long mostImages) {
    this.mostImages = mostImages;
  }

  /**
   * Counts one impression.
   *
   * @param label 1 for a click, else 0
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE}
   */
  void add(long imageKey, int label) {
    int image = index.rowOf(imageKey);
    if (image == KeyIndex.ABSENT) {
      image = newImage(imageKey);
    }
    impressionsOf[image]++;
    clicksOf[image] += label;
    impressions++;
    clicks += label;
  }

  private int newImage(long imageKey) {
    if (index.size() == mostImages) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot count clicks by picture: there are more than %d shown pictures, allowed by half of this process's heap. Give it more memory."
              .formatted(mostImages));
    }
    int image = index.add(imageKey);
    if (image == keys.length) {
      keys = Arrays.copyOf(keys, 2 * image);
      impressionsOf = Arrays.copyOf(impressionsOf, 2 * image);
      clicksOf = Arrays.copyOf(clicksOf, 2 * image);
    }
    keys[image] = imageKey;
    return image;
  }

  long images() {
    return index.size();
  }

  long impressions() {
    return impressions;
  }

  long clicks() {
    return clicks;
  }

  /** Gives every picture's number, in the order in which they were first seen. */
  void forEachSignal(SignalConsumer consumer) throws IOException {
    double sum = 0;
    double squares = 0;
    for (int image = 0; image < index.size(); image++) {
      double logit = logit(image);
      sum += logit;
      squares += logit * logit;
    }
    double mean = sum / index.size();
    double deviation = Math.sqrt(Math.max(0, squares / index.size() - mean * mean));
    for (int image = 0; image < index.size(); image++) {
      consumer.accept(keys[image], deviation > 0 ? (logit(image) - mean) / deviation : 0);
    }
  }

  /** With all impressions clicked, or none, every picture has the same: no number at all. */
  private double logit(int image) {
    if (clicks == 0 || clicks == impressions) {
      return 0;
    }
    double prior = PRIOR * (double) clicks / impressions;
    double clicked = clicksOf[image] + prior;
    double passed = impressionsOf[image] + PRIOR - clicked;
    return Math.log(clicked / passed);
  }
}
