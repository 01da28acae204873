package io.dicm.trainer.bench;

import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * How the three strategies are measured.
 *
 * @param servers how many servers
 * @param workers how many workers
 * @param batchSize impressions of a worker's step
 * @param steps measured steps
 * @param threads compute threads of each server and worker
 * @param embeddingDimension length of the ID embeddings
 * @param precision of rows on the way
 */
public record StrategyPlan(
    int servers,
    int workers,
    int batchSize,
    int steps,
    int threads,
    int embeddingDimension,
    RowPrecision precision) {
  private static final int MOST_PROCESSES = 64;

  /** A training curve has a point for each of so many steps. */
  private static final int MOST_STEPS = 500;

  /**
   * @throws DicmException {@link ErrorCode#USAGE} naming the value that is out of its range
   */
  public StrategyPlan {
    check("servers", servers, MOST_PROCESSES);
    check("workers", workers, MOST_PROCESSES);
    check("batch size", batchSize, 1 << 20);
    check("steps", steps, MOST_STEPS);
    check("threads", threads, 1024);
    check("embedding dimension", embeddingDimension, 1024);
  }

  private static void check(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot measure the strategies: "
              + name
              + " was "
              + value
              + ", allowed 1 to "
              + most
              + ".");
    }
  }
}
