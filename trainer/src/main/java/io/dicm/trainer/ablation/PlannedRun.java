package io.dicm.trainer.ablation;

import java.util.List;
import java.util.Map;

/**
 * One thing that an ablation has to do: nothing or all of it is done.
 *
 * @param name the run's name in the workspace
 * @param work what is done
 * @param variant whose it is; empty for what variants share
 * @param seed of the training; 0 when nothing is trained
 * @param settings keys and values laid over the configuration; an empty value unsets
 * @param after names of runs that must be done before
 */
public record PlannedRun(
    String name,
    Work work,
    String variant,
    long seed,
    Map<String, String> settings,
    List<String> after) {
  /** What a run does. */
  public enum Work {
    /** Pictures to vectors and logs to samples, for all variants. */
    PREPARE,
    /** Logs to samples for the other day's model. */
    EARLIER_SAMPLES,
    /** The table of vectors that carry the answer. */
    PLANTED_SIGNAL,
    /** The other day's model. */
    TRAIN,
    /** A model, its predictions and their metrics. */
    TRAIN_AND_EVALUATE,
    /** Predictions without a model, and their metrics. */
    EVALUATE;

    /** Whether metrics come out. */
    public boolean evaluates() {
      return this == TRAIN_AND_EVALUATE || this == EVALUATE;
    }
  }

  public PlannedRun {
    settings = Map.copyOf(settings);
    after = List.copyOf(after);
  }
}
