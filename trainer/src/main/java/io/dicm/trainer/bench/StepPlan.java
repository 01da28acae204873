package io.dicm.trainer.bench;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * What is measured of each way of training.
 *
 * @param data the samples and vectors
 * @param batchSize impressions of a step
 * @param warmUpSteps steps before the measured ones
 * @param steps measured steps
 */
public record StepPlan(StepData data, int batchSize, int warmUpSteps, int steps) {
  private static final int MOST = 100_000;

  /**
   * @throws DicmException {@link ErrorCode#USAGE} naming the value that is out of its range
   */
  public StepPlan {
    check("batch size", batchSize, 1, 1 << 20);
    check("warm-up steps", warmUpSteps, 1, MOST);
    check("steps", steps, 1, MOST);
  }

  /** Impressions of all steps. */
  public long impressions() {
    return (long) (warmUpSteps + steps) * batchSize;
  }

  private static void check(String name, int value, int least, int most) {
    if (value < least || value > most) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot measure training steps: "
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
