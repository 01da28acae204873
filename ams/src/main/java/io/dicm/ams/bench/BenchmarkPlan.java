package io.dicm.ams.bench;

import io.dicm.ams.shard.VectorPrecision;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * What is measured.
 *
 * @param images image vectors in the shard
 * @param dimension length of each vector
 * @param imagesPerStep different images of one step, drawn anew for each
 * @param steps measured steps
 * @param threads compute threads
 * @param precision of rows on the way
 * @param vectors how the shard holds its vectors
 */
public record BenchmarkPlan(
    int images,
    int dimension,
    int imagesPerStep,
    int steps,
    int threads,
    RowPrecision precision,
    VectorPrecision vectors) {
  /** Steps before the measured ones: libraries load, Java compiles, memory is touched. */
  static final int WARM_UP_STEPS = 30;

  private static final int MOST = 1 << 24;

  /**
   * @throws DicmException {@link ErrorCode#USAGE} naming the value that is out of its range
   */
  public BenchmarkPlan {
    check("images", images, 1, MOST);
    check("dimension", dimension, 1, 1 << 16);
    check("images per step", imagesPerStep, 1, images);
    check("steps", steps, 1, 100_000);
    check("threads", threads, 1, 1024);
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot measure the model server: "
              + name
              + " was "
              + value
              + ", allowed "
              + least
              + " to "
              + most
              + ".");
    }
  }
}
