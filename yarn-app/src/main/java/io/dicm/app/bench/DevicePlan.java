package io.dicm.app.bench;

import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.bench.LargeStepPlan;

/**
 * What is measured of a device.
 *
 * @param steps the large step, in the first arithmetic
 * @param batchSize pictures of a forward pass of VGG16
 * @param pictures that are measured of VGG16; 0: VGG16 is left out
 */
public record DevicePlan(LargeStepPlan steps, int batchSize, int pictures) {
  private static final int MOST_PICTURES = 1_000_000;
  private static final int BATCH_SIZE = 64;
  private static final int PICTURES = 1280;

  /** Of the processor, where a minute has to do. */
  private static final int SMALL_BATCH_SIZE = 2;

  private static final int SMALL_PICTURES = 4;
  private static final int SMALL_IMPRESSIONS = 2000;
  private static final int SMALL_IMAGES = 8000;
  private static final int SMALL_IDS = 10_000;
  private static final int SMALL_STEPS = 5;

  /**
   * @throws DicmException {@link ErrorCode#USAGE} when the pictures are out of their range
   */
  public DevicePlan {
    if (pictures < 0 || pictures > MOST_PICTURES) {
      throw new DicmException(
          ErrorCode.USAGE,
          "Cannot measure VGG16: pictures were %d, allowed 0 to %d."
              .formatted(pictures, MOST_PICTURES));
    }
  }

  /** The paper's batch for a GPU, a small one for the processor; pictures to fit. */
  public static DevicePlan of(ComputeDevice device, int threads) {
    LargeStepPlan paper = LargeStepPlan.ofPaper(device, Arithmetic.FLOAT32, threads);
    if (!device.isProcessor()) {
      return new DevicePlan(paper, BATCH_SIZE, PICTURES);
    }
    LargeStepPlan small =
        new LargeStepPlan(
            SMALL_IMPRESSIONS,
            paper.behaviors(),
            SMALL_IMAGES,
            SMALL_IDS,
            paper.dimension(),
            paper.vectors(),
            device,
            paper.arithmetic(),
            threads,
            1,
            SMALL_STEPS);
    return new DevicePlan(small, SMALL_BATCH_SIZE, SMALL_PICTURES);
  }

  /** The step in another arithmetic. */
  public LargeStepPlan steps(Arithmetic arithmetic) {
    return steps.in(arithmetic);
  }

  /** A small step, for comparing a GPU's losses with the processor's. */
  public LargeStepPlan agreement() {
    return new LargeStepPlan(
        256,
        8,
        512,
        500,
        256,
        VectorPrecision.FLOAT16,
        steps.device(),
        Arithmetic.FLOAT32,
        steps.threads(),
        0,
        100);
  }
}
