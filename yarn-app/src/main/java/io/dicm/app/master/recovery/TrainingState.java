package io.dicm.app.master.recovery;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;
import java.util.Map;

/**
 * How far a training has come, beside its checkpoints.
 *
 * @param restarts how often its gang was started again
 * @param lastStep the last time, from which step
 * @param lastCause the last time, why
 * @param leases by epoch: the workers that took the leases of its samples, in order; empty where
 *     workers read equal shares
 * @param begunFrom null where it began with initial values
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record TrainingState(
    int restarts,
    long lastStep,
    String lastCause,
    Map<Integer, List<Integer>> leases,
    BegunFrom begunFrom) {
  public TrainingState {
    leases = leases == null ? Map.of() : Map.copyOf(leases);
  }
}
