package io.dicm.trainer.sample;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * How a worker's share of the training samples is shuffled.
 *
 * @param groupSize most samples of one user that stay together, 1 for single samples
 * @param buffer samples held for shuffling; up to a group less one more are held while it is read
 * @param seed of the order
 */
public record ShuffleOptions(int groupSize, int buffer, long seed) {
  private static final int MOST_IN_GROUP = 1 << 20;
  private static final int MOST_BUFFERED = 1 << 26;

  public ShuffleOptions {
    if (groupSize < 1 || buffer < 0) {
      throw new IllegalArgumentException(
          "Group size and buffer were "
              + groupSize
              + " and "
              + buffer
              + ", needed 1 and 0, or more");
    }
  }

  /**
   * By the configuration.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static ShuffleOptions of(DicmConfiguration conf) {
    int groupSize = conf.integer(DicmKeys.TRAIN_GROUP_SIZE, 1, MOST_IN_GROUP);
    SampleOrder order = conf.choice(DicmKeys.TRAIN_SAMPLE_ORDER, SampleOrder.class);
    return new ShuffleOptions(
        order == SampleOrder.GROUPED ? groupSize : 1,
        conf.integer(DicmKeys.TRAIN_SHUFFLE_BUFFER, 1, MOST_BUFFERED),
        conf.longInteger(DicmKeys.TRAIN_SEED));
  }

  /** Single samples. */
  public static ShuffleOptions ofSamples(int buffer, long seed) {
    return new ShuffleOptions(1, buffer, seed);
  }
}
