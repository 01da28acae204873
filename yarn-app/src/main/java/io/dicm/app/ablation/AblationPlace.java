package io.dicm.app.ablation;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.ablation.PlannedRun;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * Where an ablation reads and writes.
 *
 * @param name the ablation's
 * @param input the input directory, with scheme and authority
 * @param workspace where outputs are published, likewise
 * @param date the dt partition of its runs
 * @param extracts whether pictures' vectors are made; else the feature store has imported ones
 */
public record AblationPlace(
    String name, Path input, Workspace workspace, String date, boolean extracts) {
  /** The ablation's own directory. */
  public Path directory() {
    return workspace.ablation(name);
  }

  /** The table of planted vectors, which all seeds share. */
  public Path plantedSignal() {
    return new Path(directory(), "planted-signal");
  }

  /** The metrics partition of a run. */
  public Path metrics(String run) {
    return workspace.metrics(date, run);
  }

  /** What a run was made with, or is being made with. */
  Path record(PlannedRun run) {
    return new Path(workspace.ablationRuns(name), run.name() + ".json");
  }

  /** What the application of a run does; its name says what is written where. */
  PipelineSettings settings(PlannedRun run) {
    return new PipelineSettings(
        "dicm ablation %s in %s".formatted(run.name(), workspace.root()),
        input,
        workspace,
        date,
        run.name(),
        stages(run));
  }

  /** What is there when a run is done. */
  Path output(PlannedRun run) {
    return switch (run.work()) {
      case PREPARE, EARLIER_SAMPLES -> workspace.samples(run.name());
      case PLANTED_SIGNAL -> plantedSignal();
      case TRAIN -> workspace.model(run.name());
      case TRAIN_AND_EVALUATE, EVALUATE -> metrics(run.name());
    };
  }

  /** The stages of a run; none for what the client makes itself. */
  public List<StageName> stages(PlannedRun run) {
    return switch (run.work()) {
      case PREPARE ->
          extracts ? List.of(StageName.EXTRACT, StageName.SAMPLES) : List.of(StageName.SAMPLES);
      case EARLIER_SAMPLES -> List.of(StageName.SAMPLES);
      case PLANTED_SIGNAL -> List.of();
      case TRAIN -> List.of(StageName.TRAIN);
      case TRAIN_AND_EVALUATE -> List.of(StageName.TRAIN, StageName.PREDICT, StageName.EVALUATE);
      case EVALUATE -> List.of(StageName.PREDICT, StageName.EVALUATE);
    };
  }
}
