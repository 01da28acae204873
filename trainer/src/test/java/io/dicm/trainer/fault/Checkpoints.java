package io.dicm.trainer.fault;

import io.dicm.ams.checkpoint.Checkpoint;
import io.dicm.ams.checkpoint.CheckpointCommitter;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.trainer.TrainedState;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The supervisor's part in checkpoints: commits them and finds the last one. For one thread. */
final class Checkpoints {
  private static final long COMMIT_LIMIT_MS = 60_000;

  private final Configuration conf = new Configuration(false);
  private final FaultSettings settings;

  /** Servers that have written, by epoch and step. */
  private final Map<java.nio.file.Path, Set<Integer>> written = new HashMap<>();

  Checkpoints(FaultSettings settings) {
    this.settings = settings;
  }

  /** Notes that a server has written its part; gives whether that was the last one missing. */
  boolean wrote(long epoch, long step, int server) {
    Set<Integer> parts =
        written.computeIfAbsent(settings.staging(epoch, step), any -> new HashSet<>());
    parts.add(server);
    return parts.size() == FaultSettings.SERVERS;
  }

  /** Commits. */
  void commit(long epoch, long step) throws IOException {
    new CheckpointCommitter(conf)
        .commit(
            path(settings.staging(epoch, step)),
            path(settings.checkpoint(step)),
            FaultSettings.SERVERS,
            FaultSettings.identity(step));
  }

  /** Has a process commit, and kills it some time after it began. */
  void commitAndKill(long epoch, long step, long afterMs) throws IOException, InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    String name = "commit-" + epoch + "-" + step;
    List<String> arguments = new ArrayList<>(settings.arguments());
    arguments.addAll(List.of(Long.toString(epoch), Long.toString(step)));
    JavaProcess process =
        JavaProcess.start(
            name,
            CommitMain.class,
            arguments,
            settings.directory().resolve(name + ".log"),
            line -> begun.countDown());
    try {
      if (!begun.await(COMMIT_LIMIT_MS, TimeUnit.MILLISECONDS)) {
        throw new AssertionError(name + " did not begin within " + COMMIT_LIMIT_MS + " ms");
      }
      process.liveFor(afterMs);
    } finally {
      process.kill();
    }
    process.awaitExit(COMMIT_LIMIT_MS, "after SIGKILL");
  }

  /** The step of the last committed one, whose every byte is verified; 0 without any. */
  long last() throws IOException {
    for (long step = settings.steps(); step > 0; step -= FaultSettings.STEPS_BETWEEN_CHECKPOINTS) {
      if (DirectoryPublisher.isComplete(conf, path(settings.checkpoint(step)))) {
        Checkpoint.open(conf, path(settings.checkpoint(step))).verifyDigests();
        return step;
      }
    }
    return 0;
  }

  /** Whether a step's checkpoint is there. */
  boolean isCommitted(long step) {
    return Files.exists(settings.checkpoint(step));
  }

  /** Everything that the checkpoint of the last step holds. */
  TrainedState finalState() throws IOException {
    return TrainedState.of(
        Checkpoint.open(conf, path(settings.checkpoint(settings.steps()))),
        settings.problem().network().layout(),
        settings.problem().subModelNetworks());
  }

  private static Path path(java.nio.file.Path local) {
    return new Path(local.toUri());
  }
}
