package io.dicm.ams.cuda;

/**
 * How many threads run a kernel.
 *
 * @param blocks of the grid, 1 or more
 * @param threadsX of a block, neighbours
 * @param threadsY rows of those in a block
 * @param sharedBytes memory that a block's threads share, beyond what the kernel declares
 */
public record LaunchShape(int blocks, int threadsX, int threadsY, int sharedBytes) {
  private static final int MOST_THREADS = 1024;

  public LaunchShape {
    if (blocks < 1
        || threadsX < 1
        || threadsY < 1
        || (long) threadsX * threadsY > MOST_THREADS
        || sharedBytes < 0) {
      throw new IllegalArgumentException(
          "Blocks, threads and shared bytes were %d, %d x %d and %d"
              .formatted(blocks, threadsX, threadsY, sharedBytes));
    }
  }

  /** Without further shared memory. */
  public LaunchShape(int blocks, int threadsX, int threadsY) {
    this(blocks, threadsX, threadsY, 0);
  }

  /** Blocks in a row of threads. */
  public static LaunchShape of(int blocks, int threads) {
    return new LaunchShape(blocks, threads, 1);
  }
}
