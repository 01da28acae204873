package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.List;

/**
 * A run at one moment: what the client shows while it runs, and {@code _history.json} afterwards.
 *
 * @param applicationId YARN's
 * @param name the pipeline's
 * @param date the dt partition
 * @param run the run partition
 * @param progress of the whole, 0 to 1
 * @param stages in order
 * @param containers memory of the roles that have run
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunSnapshot(
    String applicationId,
    String name,
    String date,
    String run,
    float progress,
    List<StageRecord> stages,
    List<RoleMemory> containers) {
  public RunSnapshot {
    stages = List.copyOf(stages);
    containers = List.copyOf(containers);
  }
}
