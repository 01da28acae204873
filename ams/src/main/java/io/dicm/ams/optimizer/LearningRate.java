package io.dicm.ams.optimizer;

/**
 * A step size that shrinks by a factor after every so many steps (arXiv 1711.06505, section 5.1:
 * 0.001, times 0.9 every 24,000 batches). It depends on the step alone, so that all servers have
 * the same, before a checkpoint and after it.
 *
 * @param initial in the first steps
 * @param factor more than 0, at most 1
 * @param everySteps 0: it never changes
 */
public record LearningRate(float initial, float factor, long everySteps) {
  public LearningRate {
    if (!(initial > 0) || initial == Float.POSITIVE_INFINITY) {
      throw new IllegalArgumentException("Learning rate was " + initial + ", needed > 0");
    }
    if (!(factor > 0 && factor <= 1) || everySteps < 0) {
      throw new IllegalArgumentException(
          "The learning rate's factor was "
              + factor
              + " every "
              + everySteps
              + " steps, needed 0 < factor <= 1 and 0 or more steps");
    }
  }

  /** The same in all steps. */
  public static LearningRate constant(float rate) {
    return new LearningRate(rate, 1, 0);
  }

  /** The rate of a step, counted from 0. */
  public float at(long step) {
    if (everySteps == 0) {
      return initial;
    }
    long times = step / everySteps;
    return (float) (initial * StrictMath.pow(factor, (double) times));
  }
}
