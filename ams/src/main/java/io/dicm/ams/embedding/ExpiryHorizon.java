package io.dicm.ams.embedding;

import java.util.Optional;

/**
 * Which IDs have expired: those last asked for before a step, the horizon, which depends on the
 * current step alone as long as there are more rows than the floor. Where there are not, it is the
 * last step since which as many rows as the floor were asked for, with all rows of that step. It
 * stays the same from one {@link #stepFinished} to the next, so that the order within a step does
 * not matter. Not safe for use by many threads.
 */
final class ExpiryHorizon {
  /** Nothing was last asked for before this. */
  private static final long NOTHING_EXPIRES = Long.MIN_VALUE;

  private final long expirySteps;
  private final Optional<StepHistogram> floor;

  ExpiryHorizon(EmbeddingOptions options) {
    this.expirySteps = options.expirySteps();
    this.floor =
        expirySteps > 0 && options.floorRows() > 0
            ? Optional.of(new StepHistogram(options.floorRows()))
            : Optional.empty();
  }

  /** In step {@code step}, a trained row last asked for before the result has expired. */
  long ofRows(long step) {
    long byAge = ofCandidates(step);
    return floor.map(histogram -> Math.min(byAge, histogram.oldest())).orElse(byAge);
  }

  /**
   * In step {@code step}, an ID not trained yet and last asked for before the result has expired.
   */
  long ofCandidates(long step) {
    return expirySteps == 0 ? NOTHING_EXPIRES : step - expirySteps;
  }

  /** Whether it has to be told of rows that are asked for: where there is a floor. */
  boolean countsRows() {
    return floor.isPresent();
  }

  /** A trained row is new or was restored. */
  void added(long lastStep) {
    floor.ifPresent(histogram -> histogram.add(lastStep));
  }

  /** A trained row was asked for again. */
  void moved(long fromStep, long toStep) {
    removed(fromStep);
    added(toStep);
  }

  /** A trained row is gone. */
  void removed(long lastStep) {
    floor.ifPresent(histogram -> histogram.remove(lastStep));
  }

  /** A step is over. */
  void stepFinished() {
    floor.ifPresent(StepHistogram::advance);
  }
}
