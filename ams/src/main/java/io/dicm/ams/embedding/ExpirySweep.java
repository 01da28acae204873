package io.dicm.ams.embedding;

import io.dicm.common.key.Fingerprints;

/**
 * Goes round a {@link RowStore}, a part of it at each step, and has removed what has expired. A
 * whole round takes at most the steps after which rows expire, and at most {@value #MOST_STEPS}.
 */
final class ExpirySweep {
  private static final long MOST_STEPS = 1000;
  private static final int LEAST_ROWS = 64;

  private final RowStore rows;
  private final long stepsPerRound;
  private int next;

  /**
   * @param expirySteps after which rows expire
   */
  ExpirySweep(RowStore rows, long expirySteps) {
    this.rows = rows;
    this.stepsPerRound = Math.max(1, Math.min(MOST_STEPS, expirySteps));
  }

  /** Removes a row. */
  @FunctionalInterface
  interface Remover {
    void remove(int row, long key, long lastStep);
  }

  /** Looks at the next part; what was last asked for before {@code firstLastStep} is removed. */
  void run(long firstLastStep, Remover remover) {
    int end = rows.end();
    long count = Math.min(end, LEAST_ROWS + end / stepsPerRound);
    for (long i = 0; i < count; i++) {
      next = next + 1 < end ? next + 1 : 0;
      EmbeddingChunk chunk = rows.chunkOf(next);
      int place = rows.placeOf(next);
      long key = chunk.key(place);
      long lastStep = chunk.lastStep(place);
      if (key != Fingerprints.NONE && lastStep < firstLastStep) {
        remover.remove(next, key, lastStep);
      }
    }
  }
}
