package io.dicm.feature.cuda;

/**
 * How many threads run a kernel.
 *
 * @param blocks of the grid, 1 or more
 * @param threadsX of a block, neighbours
 * @param threadsY rows of those in a block
 */
public record LaunchShape(int blocks, int threadsX, int threadsY) {
  private static final int MOST_THREADS = 1024;

  public LaunchShape {
    if (blocks < 1 || threadsX < 1 || threadsY < 1 || (long) threadsX * threadsY > MOST_THREADS) {
      throw new IllegalArgumentException(
          "Blocks and threads were %d and %d x %d".formatted(blocks, threadsX, threadsY));
    }
  }

  /** Blocks in a row of threads. */
  public static LaunchShape of(int blocks, int threads) {
    return new LaunchShape(blocks, threads, 1);
  }
}
