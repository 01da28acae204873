package io.dicm.feature.job;

import io.dicm.feature.decode.RejectionReason;

/** Told how an extraction goes on. Called from the extracting thread; must return quickly. */
public interface ExtractListener {
  /** An image turned out to be a picture. */
  default void decoded() {}

  /** An image was rejected. */
  void rejected(RejectionReason reason);

  /**
   * A batch went through the network.
   *
   * @param images pictures in it that have a vector now; those whose vector was rejected do not
   *     count
   * @param times what it took
   */
  void encoded(int images, BatchTimes times);

  /**
   * Where a batch's time went.
   *
   * @param encodeNanos in the network
   * @param waitNanos the network waited for decoders
   * @param decodeNanos decoding threads worked; more or less all of it while the network computed
   */
  record BatchTimes(long encodeNanos, long waitNanos, long decodeNanos) {}
}
