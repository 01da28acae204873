package io.dicm.app.master.history;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param details what the page of the run shows besides; null where it is not wanted, and in the
 *     histories of older versions
 * @param attempt of the application's master, from 1; absent in the histories of older versions
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunSnapshot(
    String applicationId,
    String name,
    String date,
    String run,
    float progress,
    List<StageRecord> stages,
    List<RoleMemory> containers,
    @JsonInclude(JsonInclude.Include.NON_NULL) RunDetails details,
    int attempt) {
  @JsonCreator
  public RunSnapshot {
    stages = List.copyOf(stages);
    containers = List.copyOf(containers);
    attempt = Math.max(1, attempt);
  }

  /** Of the master's first attempt. */
  public RunSnapshot(
      String applicationId,
      String name,
      String date,
      String run,
      float progress,
      List<StageRecord> stages,
      List<RoleMemory> containers,
      RunDetails details) {
    this(applicationId, name, date, run, progress, stages, containers, details, 1);
  }

  /** The details; empty ones where there are none. */
  public RunDetails page() {
    return details == null ? RunDetails.NONE : details;
  }

  /** How far the whole is. */
  public StageState outcome() {
    if (stages.stream().anyMatch(stage -> stage.state() == StageState.FAILED)) {
      return StageState.FAILED;
    }
    if (stages.stream().allMatch(stage -> stage.finishedAtMs() > 0)) {
      return StageState.SUCCEEDED;
    }
    return stages.stream().allMatch(stage -> stage.state() == StageState.WAITING)
        ? StageState.WAITING
        : StageState.RUNNING;
  }

  /** The same with these details. */
  RunSnapshot with(RunDetails newDetails) {
    return new RunSnapshot(
        applicationId, name, date, run, progress, stages, containers, newDetails, attempt);
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
        List.copyOf(memory.values()),
        details == null
            ? earlier.details
            : details.over(earlier.page(), this::hasBegun, StageName.TRAIN.label()),
        attempt);
  }

  private boolean hasBegun(String label) {
    return stages.stream()
        .anyMatch(stage -> stage.stage().equals(label) && stage.state() != StageState.WAITING);
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
        containers,
        details,
        attempt);
  }
}
