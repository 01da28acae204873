package io.dicm.trainer.bench;

import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
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

  /**
   * @throws DicmException {@link ErrorCode#USAGE} with the values that do not go together
   */
  public LargeStepPlan {
    boolean allPositive = Math.min(impressions, behaviors) >= 1 && Math.min(ids, dimension) >= 1;
    boolean isMeasured = threads >= 1 && warmUpSteps >= 0 && steps >= 1;
    if (!allPositive || !isMeasured) {
      throw cannot(
          "impressions were %d, behaviors %d, IDs %d, dimension %d, threads %d, steps %d, needed 1 or more of each, and %d steps before, needed 0 or more"
              .formatted(impressions, behaviors, ids, dimension, threads, steps, warmUpSteps));
    }
    long pairs = (long) impressions * behaviors;
    long fields = (long) impressions * LargeBatch.FIELDS;
    if (Math.max(pairs, fields) > Integer.MAX_VALUE) {
      throw cannot(
          "%d impressions of %d behaviors and %d fields are more than an array holds"
              .formatted(impressions, behaviors, LargeBatch.FIELDS));
    }
    boolean fits =
        images >= SHOWN
            && pairs >= images - images / SHOWN
            && impressions >= images / SHOWN
            && fields >= ids;
    if (!fits) {
      throw cannot(
          "%d impressions of %d behaviors cannot show %d pictures and %d IDs, or there are fewer than %d pictures"
              .formatted(impressions, behaviors, images, ids, SHOWN));
    }
  }

  private static DicmException cannot(String why) {
    return new DicmException(ErrorCode.USAGE, "Cannot measure such steps: " + why + ".");
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
    return of(other, arithmetic);
  }

  /** The same in another arithmetic. */
  public LargeStepPlan in(Arithmetic other) {
    return of(device, other);
  }

  private LargeStepPlan of(ComputeDevice computing, Arithmetic multiplying) {
    return new LargeStepPlan(
        impressions,
        behaviors,
        images,
        ids,
        dimension,
        vectors,
        computing,
        multiplying,
        threads,
        warmUpSteps,
        steps);
  }

  /** ID fields of a sample, of one ID each. */
  public int fields() {
    return LargeBatch.FIELDS;
  }

  /** Different pictures of shown items. */
  public int shownImages() {
    return images / SHOWN;
  }

  /** Different pictures of behaviours. */
  public int behaviorImages() {
    return images - shownImages();
  }
}
