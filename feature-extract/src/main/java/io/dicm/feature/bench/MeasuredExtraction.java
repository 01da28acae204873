package io.dicm.feature.bench;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * What is measured of each way of computing vectors.
 *
 * @param folder local folder of picture files, of which those are left out that begin with a dot
 * @param warmUpPictures pictures before the measured ones
 * @param pictures measured pictures; the folder's files come again when it has fewer
 * @param batchSize pictures of a forward pass
 * @param threads compute threads
 */
public record MeasuredExtraction(
    String folder, int warmUpPictures, int pictures, int batchSize, int threads) {
  private static final int MOST = 1_000_000;

  /**
   * @throws DicmException {@link ErrorCode#USAGE} naming the value that is out of its range
   */
  public MeasuredExtraction {
    check("warm-up pictures", warmUpPictures, MOST);
    check("pictures", pictures, MOST);
    check("batch size", batchSize, 1024);
    check("threads", threads, 1024);
  }

  private static void check(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot measure extraction: " + name + " was " + value + ", allowed 1 to " + most + ".");
    }
  }
}
