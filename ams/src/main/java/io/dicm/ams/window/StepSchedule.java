package io.dicm.ams.window;

/**
 * Which half of a step has to come before which, by staleness and barriers. At a barrier every
 * earlier update is made before the next step starts, so that the state there is that of one moment
 * and training that goes on from it is the same as training that went past it.
 *
 * @param staleness of the training
 * @param firstStep the first step to run, a barrier; earlier ones were made before a checkpoint
 * @param barrierSteps every multiple of so many steps is a barrier; 0: no other barriers
 */
public record StepSchedule(Staleness staleness, long firstStep, long barrierSteps) {
  public StepSchedule {
    if (firstStep < 0 || barrierSteps < 0) {
      throw new IllegalArgumentException(
          "First step and steps between barriers were " + firstStep + " and " + barrierSteps);
    }
  }

  /** A schedule from step 0 without barriers. */
  public static StepSchedule of(Staleness staleness) {
    return new StepSchedule(staleness, 0, 0);
  }

  /** The number of steps whose updates a step of bounded staleness starts from. */
  long updatesBefore(long step) {
    return Math.max(step - staleness.steps(), barrierAtOrBefore(step));
  }

  /** The last step that, with bounded staleness, starts before the update of this one is made. */
  long lastStartedBefore(long step) {
    long last = step + staleness.steps();
    return barrierSteps == 0 ? last : Math.min(last, barrierAfter(step) - 1);
  }

  /** The next barrier after a step; with barriers only. */
  long barrierAfter(long step) {
    return (step / barrierSteps + 1) * barrierSteps;
  }

  private long barrierAtOrBefore(long step) {
    long regular = barrierSteps == 0 ? 0 : step / barrierSteps * barrierSteps;
    return Math.max(firstStep, regular);
  }
}
