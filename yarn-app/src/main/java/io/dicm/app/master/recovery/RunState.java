package io.dicm.app.master.recovery;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.dicm.app.master.history.RunSnapshot;
import java.util.List;

/**
 * All that an attempt of the application master leaves to the next one. MapReduce jobs are not
 * listed: they are found by their tag, also one that was submitted just before the end.
 *
 * @param version {@value #VERSION}
 * @param attempt that wrote it last
 * @param countedRestartsMs when gangs were started again at the cost of the budget, milliseconds
 *     since 1970 UTC, ascending
 * @param training null before the training has begun
 * @param history stages, containers and curves, with the run's identity
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunState(
    int version,
    int attempt,
    List<Long> countedRestartsMs,
    TrainingState training,
    RunSnapshot history) {
  /** Of this form. */
  public static final int VERSION = 1;

  public RunState {
    countedRestartsMs = countedRestartsMs == null ? List.of() : List.copyOf(countedRestartsMs);
  }
}
