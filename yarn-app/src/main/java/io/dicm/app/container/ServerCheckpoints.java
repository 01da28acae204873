package io.dicm.app.container;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.server.WarmStartMode;
import io.dicm.app.launch.CheckpointNames;
import io.dicm.app.rpc.proto.TrainingStart;
import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's side of checkpoints: begins where the master says, writes this server's parts and
 * tells the master, who makes a checkpoint of them when all servers have theirs.
 */
final class ServerCheckpoints {
  private static final Logger LOG = LoggerFactory.getLogger(ServerCheckpoints.class);

  private final RoleContext context;

  ServerCheckpoints(RoleContext context) {
    this.context = context;
  }

  /** Prepares a server that has loaded its vectors and has not started yet. */
  void prepare(AmsServer server) throws IOException {
    TrainingStart start = context.assignment().getStart();
    if (!start.getCheckpointDirectory().isEmpty()) {
      Checkpoint checkpoint =
          Checkpoint.open(context.hadoop(), new Path(start.getCheckpointDirectory()));
      if (start.getWarmStartMode().isEmpty()) {
        server.restore(checkpoint, context.status());
      } else {
        server.warmStart(
            checkpoint, WarmStartMode.valueOf(start.getWarmStartMode()), context.status());
      }
    }
    if (context.assignment().hasCheckpointing()) {
      server.checkpointEvery(
          context.assignment().getCheckpointing().getStepsBetween(), this::write);
    }
  }

  private void write(ServerSnapshot snapshot) throws IOException {
    Path staging = new Path(context.assignment().getCheckpointing().getStagingDirectory());
    Path parts = new Path(staging, CheckpointNames.of(snapshot.steps()));
    new CheckpointPartWriter(context.hadoop()).write(snapshot, parts);
    LOG.info("{} wrote its part of {}", context.member(), parts);
    context.status().checkpointWritten(snapshot.steps());
    context.hurry().run();
  }
}
