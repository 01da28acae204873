package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.dicm.app.pipeline.StageName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A run at one moment: what the client shows while it runs, and {@code _history.json} afterwards.
 *
 * @param applicationId YARN's; in {@code _history.json} that of the last application of the run
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

  /**
   * This application's part laid over what earlier applications did for the same run: their records
   * stay for the stages that this one has not begun, and for the roles that it has not used.
   */
  RunSnapshot over(RunSnapshot earlier) {
    Map<String, StageRecord> merged = new HashMap<>();
    earlier.stages.forEach(stage -> merged.put(stage.stage(), stage));
    for (StageRecord stage : stages) {
      if (stage.state() != StageState.WAITING) {
        merged.put(stage.stage(), stage);
      } else {
        merged.putIfAbsent(stage.stage(), stage);
      }
    }
    Map<String, RoleMemory> memory = new TreeMap<>();
    earlier.containers.forEach(role -> memory.put(role.role(), role));
    containers.forEach(role -> memory.put(role.role(), role));
    return new RunSnapshot(
        applicationId,
        name,
        date,
        run,
        progress,
        StageName.all().stream()
            .map(StageName::label)
            .filter(merged::containsKey)
            .map(merged::get)
            .toList(),
        List.copyOf(memory.values()));
  }

  /** The same with the records of these stages alone: those of one application. */
  public RunSnapshot only(List<StageName> wanted) {
    List<String> labels = wanted.stream().map(StageName::label).toList();
    return new RunSnapshot(
        applicationId,
        name,
        date,
        run,
        progress,
        stages.stream().filter(stage -> labels.contains(stage.stage())).toList(),
        containers);
  }
}
