package io.dicm.trainer.bench;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * How networks are measured.
 *
 * @param data the samples; their vectors are not read
 * @param batchSize impressions of a step
 * @param warmUpSteps steps before the measured ones of each network and round
 * @param steps measured steps of each network and round
 * @param rounds in each of which all networks take their turn
 * @param threads compute threads
 * @param embeddingDimension floats of an ID's embedding
 */
public record NetworkPlan(
    StepData data,
    int batchSize,
    int warmUpSteps,
    int steps,
    int rounds,
    int threads,
    int embeddingDimension) {
  /**
   * @throws DicmException {@link ErrorCode#USAGE} naming the value that is out of its range
   */
  public NetworkPlan {
    check("batch size", batchSize, 1 << 20);
    check("warm-up steps", warmUpSteps, 10_000);
    check("steps", steps, 10_000);
    check("rounds", rounds, 1000);
    check("threads", threads, 1024);
  }

  private static void check(String name, int value, int most) {
    if (value < 1 || value > most) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot measure networks: " + name + " was " + value + ", allowed 1 to " + most + ".");
    }
  }
}
