package io.dicm.app.client;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;

/**
 * Whether the run's outputs can be written where they belong: the workspace, and in it the folders
 * that earlier runs, maybe of other users, have made.
 */
record OutputAccess(Configuration conf, PipelineSettings settings) {
  /**
   * Makes the workspace if it is not there.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} with the folder that may not be written
   */
  void check() throws IOException {
    Path workspace = settings.workspace().root();
    FileSystem fs = workspace.getFileSystem(conf);
    try {
      fs.mkdirs(workspace);
    } catch (AccessControlException e) {
      throw refused(workspace, e);
    }
    require(fs, workspace, FsAction.ALL);
    for (Path output : outputs()) {
      Path folder = output.getParent();
      while (!folder.equals(workspace) && !fs.exists(folder)) {
        folder = folder.getParent();
      }
      require(fs, folder, FsAction.WRITE_EXECUTE);
    }
  }

  /** Directories that the stages publish by a rename within the one above. */
  private List<Path> outputs() {
    Workspace workspace = settings.workspace();
    String date = settings.date();
    String run = settings.run();
    List<Path> outputs = new ArrayList<>();
    for (StageName stage : settings.stages()) {
      switch (stage) {
        case EXTRACT -> outputs.add(workspace.features("any"));
        case SAMPLES -> outputs.add(workspace.samples(run));
        case TRAIN -> {
          outputs.add(workspace.model(run));
          outputs.add(workspace.checkpoints(run));
        }
        case PREDICT -> {
          outputs.add(workspace.predictions(date, run));
          // Earlier ones are removed by a model without any.
          outputs.add(workspace.userVectors(date, run));
          outputs.add(workspace.itemVectors(date, run));
        }
        case EVALUATE -> {
          outputs.add(workspace.metrics(date, run));
          outputs.add(workspace.metricSlices(date, run));
        }
        case PUBLISH -> outputs.add(workspace.imageCodes(date, run));
        case REGISTER -> {}
      }
    }
    outputs.add(workspace.runs(date, run));
    return outputs;
  }

  private static void require(FileSystem fs, Path folder, FsAction action) throws IOException {
    try {
      fs.access(folder, action);
    } catch (AccessControlException e) {
      throw refused(folder, e);
    }
  }

  private static DicmException refused(Path folder, AccessControlException cause) {
    return new DicmException(
        ErrorCode.STORAGE_FAILED,
        "Cannot write to %s: %s."
            .formatted(folder, cause.getMessage().lines().findFirst().orElse("no permission")),
        cause);
  }
}
