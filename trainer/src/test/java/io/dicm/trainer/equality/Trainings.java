package io.dicm.trainer.equality;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.TrainedState;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.reference.ReferenceTraining;
import io.dicm.trainer.train.TrainingOptions;
import io.dicm.trainer.train.TrainingResult;
import io.dicm.trainer.train.TrainingWorker;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Runs one problem in the ways to be compared.
 *
 * @param directory for checkpoints
 */
record Trainings(TrainingProblem problem, java.nio.file.Path directory) {
  /** How many of what. */
  record Layout(int servers, int workers) {}

  /** A training over gRPC with all that it left: values, moments and numbers of updates. */
  record GangRun(TrainingRun run, TrainedState state) {}

  /** Real servers and workers, which talk over gRPC. */
  GangRun gang(Layout layout, String name) throws Exception {
    Configuration conf = new Configuration(false);
    Path staging = new Path(directory.resolve("_staging-" + name).toUri());
    Path checkpoint = new Path(directory.resolve(name).toUri());
    TrainingGang.Plan plan =
        new TrainingGang.Plan(
            problem.schema(),
            problem.images(),
            TrainingProblem.EMBEDDING_DIMENSION,
            layout.servers(),
            layout.workers(),
            TrainingProblem.shareOf(layout.workers()),
            1,
            TrainingProblem.LEARNING_RATE,
            TrainingProblem.SEED,
            TrainingVariant.USUAL.with(problem.shared()).with(problem.aggregation()));
    List<TrainingResult> results;
    try (TrainingGang gang =
        new TrainingGang(
            plan,
            problem.snapshot(),
            server ->
                server.checkpointEvery(
                    problem.steps(),
                    taken -> new CheckpointPartWriter(conf).write(taken, staging)))) {
      results = gang.train(problem::samplesOf);
      gang.awaitCheckpoints();
    }
    new CheckpointCommitter(conf).commit(staging, checkpoint, layout.servers(), identity());
    TrainedState state =
        TrainedState.of(
            Checkpoint.open(conf, checkpoint),
            problem.network().layout(),
            problem.subModelNetworks());
    return new GangRun(new TrainingRun(TrainingRun.losses(results), state.values()), state);
  }

  private CheckpointManifest identity() {
    return new CheckpointManifest(
        CheckpointManifest.FORMAT_VERSION,
        problem.steps(),
        TrainingProblem.SEED,
        TrainingProblem.EMBEDDING_DIMENSION,
        TrainingProblem.VECTOR_DIMENSION,
        "adam",
        "adam",
        List.of());
  }

  /** The formulas in double precision, before the first step. */
  static ReferenceTraining reference(TrainingProblem problem) {
    return new ReferenceTraining(
        problem.network().shape(),
        problem.snapshot(),
        problem.shared(),
        TrainingProblem.SEED,
        (float) TrainingProblem.LEARNING_RATE);
  }

  /** One worker on the product's tables and networks, called directly. */
  TrainingRun inProcess() throws IOException {
    try (InProcessServers servers = new InProcessServers(problem)) {
      TrainingResult result = worker(servers).run();
      return new TrainingRun(TrainingRun.losses(List.of(result)), servers.parameters());
    }
  }

  /** The product's mean gradients of the only step, by tensor. */
  Map<String, float[]> gradients() throws IOException {
    try (InProcessServers servers = new InProcessServers(problem)) {
      worker(servers).run();
      return servers.gradients();
    }
  }

  private TrainingWorker worker(InProcessServers servers) {
    return new TrainingWorker(
        new TrainingOptions(0, 1, TrainingProblem.BATCH_SIZE, 1, TrainingProblem.SEED, 1, 0),
        problem.network(),
        servers,
        problem.samplesOf(0, 1),
        ProgressListener.NONE);
  }
}
