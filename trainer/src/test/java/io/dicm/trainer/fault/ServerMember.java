package io.dicm.trainer.fault;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.dense.DenseSnapshot;
import io.dicm.ams.embedding.EmbeddingOptions;
import io.dicm.ams.embedding.EmbeddingTable;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.window.Staleness;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import io.dicm.trainer.equality.TrainingProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A server: goes on from a checkpoint, writes its part of others, until it is told to finish. */
record ServerMember(FaultSettings settings, int index, long epoch, ApplicationSecret secret) {
  private static final long MEMORY_LIMIT_BYTES = 1 << 24;

  /**
   * Serves until the supervisor's line after the addresses, or the end of its input.
   *
   * @param checkpoint step of the one to go on from, or 0
   */
  void run(BufferedReader input, long checkpoint) throws IOException {
    Configuration conf = new Configuration(false);
    try (AmsServer server = new AmsServer(options(), secret)) {
      server.load(settings.problem().snapshot(), ProgressListener.NONE);
      if (checkpoint > 0) {
        server.restore(
            Checkpoint.open(conf, new Path(settings.checkpoint(checkpoint).toUri())),
            ProgressListener.NONE);
      }
      server.checkpointEvery(FaultSettings.STEPS_BETWEEN_CHECKPOINTS, taken -> write(conf, taken));
      warmUp(conf);
      Word.LISTENING.say(server.start());
      String addresses = input.readLine();
      if (addresses == null) {
        return;
      }
      server.connectPeers(List.of(addresses.split(",")));
      if (input.readLine() != null) {
        server.awaitCheckpoints();
      }
    }
  }

  /** Writes something of no use, so that no step's limit covers the loading of classes. */
  private void warmUp(Configuration conf) throws IOException {
    Adam adam = new Adam();
    EmbeddingOptions everyId = EmbeddingOptions.everyId(MEMORY_LIMIT_BYTES);
    MemoryBudget budget = new MemoryBudget("the embeddings", "", MEMORY_LIMIT_BYTES);
    try (EmbeddingTable none = new EmbeddingTable(1, 0, adam, 0, everyId, budget)) {
      ServerSnapshot nothing =
          new ServerSnapshot(
              index,
              FaultSettings.SERVERS,
              0,
              adam,
              Map.of(),
              Map.of(),
              new DenseSnapshot(0, 0, 0, 0, OptimizerState.startingAt(new float[0], adam)),
              List.of(),
              "00000000",
              none.snapshot());
      new CheckpointPartWriter(conf).write(nothing, new Path(settings.staging(epoch, 0).toUri()));
    }
  }

  private void write(Configuration conf, ServerSnapshot taken) throws IOException {
    Word.WRITING.say(taken.steps());
    new CheckpointPartWriter(conf)
        .write(taken, new Path(settings.staging(epoch, taken.steps()).toUri()));
    Word.WROTE.say(taken.steps());
  }

  private AmsServerOptions options() {
    return AmsServerOptions.of(index, FaultSettings.SERVERS, FaultSettings.WORKERS)
        .embeddingDimension(TrainingProblem.EMBEDDING_DIMENSION)
        .optimizers(OptimizerOptions.adam((float) TrainingProblem.LEARNING_RATE))
        .seed(TrainingProblem.SEED)
        .staleness(new Staleness(settings.staleness()))
        .windowTimeoutMs(settings.windowTimeoutMs())
        .epoch(epoch)
        .memoryLimitBytes(MEMORY_LIMIT_BYTES)
        .build();
  }
}
