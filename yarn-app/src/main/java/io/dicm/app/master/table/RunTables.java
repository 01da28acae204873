package io.dicm.app.master.table;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Publishes the tables of what a run's stages left in files of other kinds. Each is replaced as a
 * whole. Immutable.
 *
 * @param conf for the file systems
 * @param settings which run
 */
public record RunTables(Configuration conf, PipelineSettings settings) {

  /**
   * Publishes all of them.
   *
   * @param extractorId of the day's vectors
   * @return rows of all tables together
   */
  public long publish(String extractorId) throws IOException {
    Workspace workspace = settings.workspace();
    String date = settings.date();
    String run = settings.run();
    Path model = workspace.model(run);
    Path features = new Path(workspace.features(extractorId), "dt=" + date);
    return new TrainingCurveTable(conf).publish(model, workspace.trainingCurve(date, run))
        + new TrafficTable(conf).publish(model, workspace.traffic(date, run))
        + new CheckpointTable(conf)
            .publish(workspace.checkpoints(run), workspace.checkpointList(date, run))
        + new RejectTable(conf)
            .publish(features, workspace.samples(run), workspace.rejects(date, run));
  }
}
