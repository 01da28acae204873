package io.dicm.app.client;

import io.dicm.app.launch.ChildApplications;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.launch.StopMark;
import io.dicm.app.master.checkpoint.CheckpointSettings;
import io.dicm.app.master.recovery.RunLeftovers;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends an application and its MapReduce jobs, and removes what its master cannot tidy up any more:
 * nodes give a process no more than a quarter of a second between the signal and the kill.
 *
 * @param yarn started
 */
public record ApplicationKill(YarnClient yarn, Configuration conf) {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationKill.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(90);
  private static final int POLL_MS = 500;

  /** Kills it; one that has ended already is no error. */
  public void kill(ApplicationId id) throws IOException, YarnException {
    StagingDirectory staging = new StagingDirectory(conf);
    yarn.killApplication(id);
    new ChildApplications(yarn, id.toString()).kill();
    leftovers(staging, id).ifPresent(RunLeftovers::remove);
    staging.deleteApplication(id.toString());
  }

  /**
   * Asks the master to end the application with a last checkpoint, and kills it if that takes too
   * long.
   *
   * @return what the master says at its end; nothing when it was killed
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} when it is another user's
   */
  public Optional<String> stop(ApplicationId id)
      throws IOException, YarnException, InterruptedException {
    Path staging = new StagingDirectory(conf).ofApplication(id.toString());
    if (ApplicationFollower.hasEnded(yarn.getApplicationReport(id))) {
      return Optional.of(ApplicationFollower.stopped(yarn.getApplicationReport(id)));
    }
    leaveMark(staging, id);
    Duration patience = CheckpointSettings.of(DicmConfiguration.of(conf)).patience();
    long deadlineNanos = System.nanoTime() + patience.plus(STOP_LIMIT).toNanos();
    while (System.nanoTime() < deadlineNanos) {
      ApplicationReport report = yarn.getApplicationReport(id);
      if (ApplicationFollower.hasEnded(report)) {
        return Optional.of(ApplicationFollower.stopped(report));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    kill(id);
    return Optional.empty();
  }

  private void leaveMark(Path staging, ApplicationId id) throws IOException {
    if (!staging.getFileSystem(conf).exists(staging)) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot stop %s with a checkpoint: %s is not there; only its owner can. To end it at once: dicm kill %s"
              .formatted(id, staging, id));
    }
    new StopMark(conf, staging).leave();
  }

  private Optional<RunLeftovers> leftovers(StagingDirectory staging, ApplicationId id)
      throws IOException {
    try {
      return submitted(staging.ofApplication(id.toString()))
          .map(
              application ->
                  new RunLeftovers(conf, PipelineSettings.from(application), id.toString()));
    } catch (RuntimeException e) {
      // Of another version, or half written: it is dead, and that was what mattered.
      LOG.warn("Cannot tell what {} was to write: {}", id, e.getMessage());
      return Optional.empty();
    }
  }

  /** The configuration that was submitted; nothing of another user's, and after the end. */
  private Optional<Configuration> submitted(Path staging) throws IOException {
    Path file = new Path(staging, LocalFiles.CONFIGURATION_FILE);
    try (InputStream in = file.getFileSystem(conf).open(file)) {
      Configuration application = new Configuration(false);
      application.addResource(in);
      application.size(); // Read before the stream is closed.
      return Optional.of(application);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
