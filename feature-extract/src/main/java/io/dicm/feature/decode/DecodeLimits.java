package io.dicm.feature.decode;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.time.Duration;

/**
 * What a picture may cost. A file that needs more is rejected, never waited for and never tried.
 *
 * @param maxBytes largest file, bytes
 * @param maxPixels largest picture, pixels
 * @param maxDecodedBytes most heap that one decoded picture takes, bytes
 * @param maxTime longest time in which one file is decoded
 */
public record DecodeLimits(long maxBytes, long maxPixels, long maxDecodedBytes, Duration maxTime) {
  /** Of the heap, for all pictures that are decoded at a time. */
  public static final double HEAP_SHARE = 0.4;

  private static final int MOST_SECONDS = 86_400;

  /**
   * The configured limits; pictures that are decoded at a time share a part of this process's heap.
   *
   * @param threads that decode at a time, 1 or more
   */
  public static DecodeLimits of(DicmConfiguration settings, int threads) {
    return new DecodeLimits(
        settings.nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES),
        settings.nonNegativeLong(DicmKeys.EXTRACT_MAX_IMAGE_PIXELS),
        (long) (HEAP_SHARE * Runtime.getRuntime().maxMemory() / threads),
        Duration.ofSeconds(settings.integer(DicmKeys.EXTRACT_MAX_IMAGE_SECONDS, 1, MOST_SECONDS)));
  }
}
