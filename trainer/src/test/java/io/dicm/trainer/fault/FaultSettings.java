package io.dicm.trainer.fault;

import io.dicm.ams.checkpoint.CheckpointManifest;
import io.dicm.trainer.equality.TrainingProblem;
import io.dicm.trainer.model.ImageMode;
import java.nio.file.Path;
import java.util.List;

/**
 * What the supervisor and all processes of a training know alike.
 *
 * @param directory of checkpoints and logs
 * @param steps of the whole training, a multiple of {@value #STEPS_BETWEEN_CHECKPOINTS}
 * @param windowTimeoutMs a server's longest wait for the workers of a step
 * @param staleness steps by which a step's parameters lie behind
 */
record FaultSettings(Path directory, int steps, long windowTimeoutMs, int staleness) {
  /** How many arguments of every process are the settings. */
  static final int ARGUMENTS = 4;

  static final int SERVERS = 2;
  static final int WORKERS = 2;
  static final int STEPS_BETWEEN_CHECKPOINTS = 4;

  FaultSettings {
    if (steps % STEPS_BETWEEN_CHECKPOINTS != 0) {
      throw new IllegalArgumentException("Steps were " + steps + ", no whole checkpoints");
    }
  }

  /** The settings that {@link #arguments} gave. */
  static FaultSettings of(String[] arguments) {
    return new FaultSettings(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        Long.parseLong(arguments[2]),
        Integer.parseInt(arguments[3]));
  }

  /** The first arguments of every process. */
  List<String> arguments() {
    return List.of(
        directory.toString(),
        Integer.toString(steps),
        Long.toString(windowTimeoutMs),
        Integer.toString(staleness));
  }

  /** A worker's longest wait for a call: more than the servers' for workers and each other. */
  long callTimeoutMs() {
    return windowTimeoutMs * 5 / 2;
  }

  TrainingProblem problem() {
    return new TrainingProblem(ImageMode.JOINT, false, steps);
  }

  /** Where the servers of an epoch put their parts of a checkpoint. */
  Path staging(long epoch, long step) {
    return directory.resolve("_staging-epoch-" + epoch + "-step-" + step);
  }

  /** Where the checkpoint of a step is when it is committed. */
  Path checkpoint(long step) {
    return directory.resolve("step-" + step);
  }

  /** What a checkpoint of a step is of. */
  static CheckpointManifest identity(long step) {
    return new CheckpointManifest(
        CheckpointManifest.FORMAT_VERSION,
        step,
        TrainingProblem.SEED,
        TrainingProblem.EMBEDDING_DIMENSION,
        TrainingProblem.VECTOR_DIMENSION,
        "adam",
        "adam",
        List.of());
  }
}
