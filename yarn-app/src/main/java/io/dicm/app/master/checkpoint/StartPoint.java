package io.dicm.app.master.checkpoint;

import io.dicm.ams.server.WarmStartMode;
import io.dicm.app.rpc.proto.TrainingStart;
import org.apache.hadoop.fs.Path;

/** Where a training's incarnation begins. */
public sealed interface StartPoint {
  /** The first step that it makes. */
  long firstStep();

  /** What its members are told. */
  TrainingStart orders();

  /** From initial values. */
  record Initial() implements StartPoint {
    @Override
    public long firstStep() {
      return 0;
    }

    @Override
    public TrainingStart orders() {
      return TrainingStart.getDefaultInstance();
    }
  }

  /**
   * From what another training has learned, at step 0.
   *
   * @param checkpoint the other's
   * @param mode how much of it
   */
  record Warm(Path checkpoint, WarmStartMode mode) implements StartPoint {
    @Override
    public long firstStep() {
      return 0;
    }

    @Override
    public TrainingStart orders() {
      return TrainingStart.newBuilder()
          .setCheckpointDirectory(checkpoint.toString())
          .setWarmStartMode(mode.name())
          .build();
    }
  }

  /**
   * From this training's own checkpoint.
   *
   * @param checkpoint its directory
   * @param steps that were finished then
   */
  record Resumed(Path checkpoint, long steps) implements StartPoint {
    @Override
    public long firstStep() {
      return steps;
    }

    @Override
    public TrainingStart orders() {
      return TrainingStart.newBuilder()
          .setCheckpointDirectory(checkpoint.toString())
          .setFirstStep(steps)
          .build();
    }
  }
}
