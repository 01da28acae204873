package io.dicm.app.master.checkpoint;

import io.dicm.ams.submodel.SubModelShape;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.model.ImageMode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A whole checkpoint of another run's training with pictures at all places; for tests. */
public final class EarlierCheckpoint {
  private static final String APPLICATION = "application_1_0001";
  private static final long STEPS = 100;

  private EarlierCheckpoint() {}

  /** Commits it; gives its directory. */
  public static Path commit(
      Configuration conf,
      Workspace workspace,
      String run,
      String date,
      String extractorId,
      String schemaDigest)
      throws IOException {
    CheckpointStore store = new CheckpointStore(conf, workspace.checkpoints(run), APPLICATION);
    new CheckpointParts(conf).write(store.staging(1), 0, 1, STEPS);
    new CheckpointCoordinator(
            conf,
            store,
            new CheckpointSettings(STEPS, 1, Duration.ZERO),
            CheckpointParts.IDENTITY,
            new CheckpointOrigin(
                APPLICATION,
                run,
                date,
                extractorId,
                schemaDigest,
                ImageMode.JOINT,
                null,
                SubModelShape.USUAL,
                null,
                false,
                null,
                null,
                null,
                null),
            1,
            0)
        .reported(List.of(STEPS));
    return store.directory(STEPS);
  }
}
