package io.dicm.trainer.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.dicm.trainer.TrainedState;
import io.dicm.trainer.fault.FaultKind.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers and workers, processes of their own, are killed, paused, cut off and restarted at random
 * steps; the training ends with the same bits as one that nothing happened to.
 *
 * <p>A few faults in the ordinary build. With {@code -Ddicm.test.args=-Ddicm.test.faults=50} so
 * many, pauses are of 30 s, and it takes a quarter of an hour. {@code -Ddicm.test.fault-seed}
 * chooses others, {@code -Ddicm.test.fault-window-ms} gives slow machines more time.
 */
class TestFaults {
  private static final Logger LOG = LoggerFactory.getLogger(TestFaults.class);

  private static final int FEW_FAULTS = 6;
  private static final long WINDOW_TIMEOUT_MS = 6_000;
  private static final long LONG_PAUSE_MS = 30_000;
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final Duration LIMIT_A_FAULT = Duration.ofMinutes(1);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void theModelIsThatOfAnUndisturbedTraining() {
    int count = Integer.getInteger("dicm.test.faults", FEW_FAULTS);
    long seed = Long.getLong("dicm.test.fault-seed", 1);
    int steps = FaultSchedule.stepsFor(count);
    assertTimeoutPreemptively(
        LIMIT.plus(LIMIT_A_FAULT.multipliedBy(count)),
        () -> {
          FaultSettings alone = settings("undisturbed", steps, 0);
          TrainedState undisturbed = new UndisturbedTraining(alone).train();
          TrainedState disturbed =
              train("disturbed", steps, 0, new FaultSchedule(seed).faults(count));
          assertThat(disturbed.differencesTo(undisturbed)).isEmpty();
        });
  }

  /**
   * With a bounded staleness a checkpoint is a barrier: what goes on from one has the same bits.
   * Who comes back before the window's limit costs nothing but time.
   */
  @Test
  void staleTrainingEndsWithTheSameBitsToo() {
    int steps = FaultSchedule.stepsFor(3);
    List<PlannedFault> faults =
        List.of(
            new PlannedFault(FaultKind.SHORT_PAUSE_SERVER, 5, 1, false, 0.9),
            new PlannedFault(FaultKind.SHORT_PAUSE_WORKER, 11, 0, false, 0.9),
            new PlannedFault(FaultKind.KILL_SERVER, 18, 0, true, 0));
    assertTimeoutPreemptively(
        LIMIT.plus(LIMIT_A_FAULT),
        () -> {
          TrainedState undisturbed = train("undisturbed", steps, 1, List.of());
          TrainedState disturbed = train("disturbed", steps, 1, faults);
          assertThat(disturbed.differencesTo(undisturbed)).isEmpty();
        });
  }

  private FaultSettings settings(String name, int steps, int staleness) throws IOException {
    return new FaultSettings(
        Files.createDirectory(directory.resolve(name)),
        steps,
        Long.getLong("dicm.test.fault-window-ms", WINDOW_TIMEOUT_MS),
        staleness);
  }

  private TrainedState train(String name, int steps, int staleness, List<PlannedFault> faults)
      throws Exception {
    FaultSettings settings = settings(name, steps, staleness);
    long beyondAllLimitsMs = settings.callTimeoutMs() + settings.windowTimeoutMs() / 2;
    long pauseMs =
        faults.size() > FEW_FAULTS ? Math.max(LONG_PAUSE_MS, beyondAllLimitsMs) : beyondAllLimitsMs;
    try (Supervisor supervisor = new Supervisor(settings, faults, pauseMs)) {
      TrainedState state = supervisor.train();
      LOG.info("{}: {}", name, supervisor.report());
      FaultReport report = supervisor.report();
      assertThat(report.faults()).isEqualTo(faults.size());
      int atLeast = 1 + report.faults(Effect.LASTING);
      assertThat(report.epochs())
          .as("epochs: a harmless fault costs none")
          .isBetween(atLeast, atLeast + report.faults(Effect.EITHER));
      assertThat(supervisor.hasSurvivors()).isFalse();
      return state;
    }
  }
}
