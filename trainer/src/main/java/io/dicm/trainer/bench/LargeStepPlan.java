package io.dicm.trainer.bench;

import io.dicm.ams.shard.VectorPrecision;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;

/**
 * Steps of the joint model with a server and its worker in one process.
 *
 * @param impressions of a step, a sample each
 * @param behaviors of a sample on average, a picture each
 * @param images different pictures of a step, of behaviours and of shown items
 * @param ids different IDs of a step
 * @param dimension length of a picture's vector
 * @param vectors how they are held
 * @param device that computes
 * @param arithmetic of its matrix products
 * @param threads that help on the processor
 * @param warmUpSteps before the measured ones
 * @param steps that are measured
 */
public record LargeStepPlan(
    int impressions,
    int behaviors,
    int images,
    int ids,
    int dimension,
    VectorPrecision vectors,
    ComputeDevice device,
    Arithmetic arithmetic,
    int threads,
    int warmUpSteps,
    int steps) {
  /** One of so many pictures is a shown item's. */
  private static final int SHOWN = 16;

  public LargeStepPlan {
    boolean fits =
        impressions >= 1
            && behaviors >= 1
            && images >= SHOWN
            && (long) impressions * behaviors >= images - images / SHOWN
            && impressions >= images / SHOWN
            && ids >= 1
            && (long) impressions * LargeBatch.FIELDS >= ids;
    if (!fits) {
      throw new IllegalArgumentException(
          "%d impressions of %d behaviors cannot show %d pictures and %d IDs, or there are fewer than %d pictures"
              .formatted(impressions, behaviors, images, ids, SHOWN));
    }
  }

  /** The step of table 1's batch in arXiv 1711.06505, 33 pictures a sample. */
  public static LargeStepPlan ofPaper(ComputeDevice device, Arithmetic arithmetic, int threads) {
    return new LargeStepPlan(
        60_000,
        32,
        320_000,
        200_000,
        4096,
        VectorPrecision.FLOAT16,
        device,
        arithmetic,
        threads,
        5,
        20);
  }

  /** The same on another device. */
  LargeStepPlan on(ComputeDevice other) {
    return new LargeStepPlan(
        impressions,
        behaviors,
        images,
        ids,
        dimension,
        vectors,
        other,
        arithmetic,
        threads,
        warmUpSteps,
        steps);
  }

  /** Different pictures of shown items. */
  int shownImages() {
    return images / SHOWN;
  }

  /** Different pictures of behaviours. */
  int behaviorImages() {
    return images - shownImages();
  }
}
