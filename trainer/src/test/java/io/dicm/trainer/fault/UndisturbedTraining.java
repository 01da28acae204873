package io.dicm.trainer.fault;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.ams.checkpoint.CheckpointPartWriter;
import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.window.Staleness;
import io.dicm.trainer.TrainedState;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.equality.TrainingProblem;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The training that nothing happens to, with as many servers and workers as the others have, but in
 * this process: what it ends with is that of processes too, or the comparison fails.
 */
record UndisturbedTraining(FaultSettings settings) {
  private static final long EPOCH = 1;

  /** Trains to the end. */
  TrainedState train() throws Exception {
    TrainingProblem problem = settings.problem();
    Configuration conf = new Configuration(false);
    TrainingGang.Plan plan =
        new TrainingGang.Plan(
            problem.schema(),
            problem.images(),
            TrainingProblem.EMBEDDING_DIMENSION,
            FaultSettings.SERVERS,
            FaultSettings.WORKERS,
            TrainingProblem.shareOf(FaultSettings.WORKERS),
            1,
            TrainingProblem.LEARNING_RATE,
            TrainingProblem.SEED,
            TrainingVariant.USUAL.with(new Staleness(settings.staleness())));
    // With a staleness each checkpoint is a barrier: there have to be as many.
    try (TrainingGang gang =
        new TrainingGang(
            plan,
            problem.snapshot(),
            server ->
                server.checkpointEvery(
                    FaultSettings.STEPS_BETWEEN_CHECKPOINTS, taken -> writeLast(conf, taken)))) {
      gang.train(problem::samplesOf);
      gang.awaitCheckpoints();
    }
    Path checkpoint = new Path(settings.checkpoint(settings.steps()).toUri());
    new CheckpointCommitter(conf)
        .commit(
            staging(), checkpoint, FaultSettings.SERVERS, FaultSettings.identity(settings.steps()));
    return TrainedState.of(
        Checkpoint.open(conf, checkpoint), problem.network().layout(), problem.subModelNetworks());
  }

  private void writeLast(Configuration conf, ServerSnapshot taken) throws IOException {
    if (taken.steps() == settings.steps()) {
      new CheckpointPartWriter(conf).write(taken, staging());
    }
  }

  private Path staging() {
    return new Path(settings.staging(EPOCH, settings.steps()).toUri());
  }
}
