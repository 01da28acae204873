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
   * @param encodeNanos the thread spent on having the network compute and on waiting for it; less
   *     than the network takes where that computes beside the thread
   * @param waitNanos the thread waited for decoders
   * @param decodeNanos decoding threads worked; more or less all of it while the network computed
   */
  record BatchTimes(long encodeNanos, long waitNanos, long decodeNanos) {
    /** The same with more time in the network. */
    BatchTimes withEncoding(long nanos) {
      return new BatchTimes(encodeNanos + nanos, waitNanos, decodeNanos);
    }
  }
}
