package io.dicm.app.client;

import io.dicm.app.launch.ChildApplications;
import io.dicm.app.launch.LocalFiles;
import io.dicm.app.launch.StopMark;
import io.dicm.app.master.checkpoint.CheckpointSettings;
import io.dicm.app.master.recovery.RunLeftovers;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
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
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
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
   * long, or if there is no master yet.
   *
   * @return how it ended, a sentence
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} when it is another user's, {@link
   *     ErrorCode#CONFIGURATION_INVALID} when it is not of a kind that can be asked
   */
  public String stop(ApplicationId id) throws IOException, YarnException, InterruptedException {
    ApplicationReport report = yarn.getApplicationReport(id);
    if (ApplicationFollower.hasEnded(report)) {
      return ended(report);
    }
    requireOwn(report);
    if (report.getYarnApplicationState() != YarnApplicationState.RUNNING) {
      kill(id);
      return id + " had not begun and was killed.";
    }
    StagingDirectory staging = new StagingDirectory(conf);
    Path folder = staging.ofApplication(id.toString());
    Duration patience = patience(folder);
    boolean unused = new StopMark(conf, folder).leave(); // Else it is about to end by itself.
    long deadlineNanos = System.nanoTime() + patience.plus(STOP_LIMIT).toNanos();
    while (System.nanoTime() < deadlineNanos) {
      report = yarn.getApplicationReport(id);
      if (ApplicationFollower.hasEnded(report)) {
        staging.deleteApplication(id.toString());
        return ended(report);
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    kill(id);
    return id + " did not end by itself and was killed.";
  }

  /** The application's own, which may be another than this command's. */
  private Duration patience(Path folder) throws IOException {
    Configuration application = new Configuration(conf);
    submitted(folder)
        .map(submitted -> submitted.get(DicmKeys.TRAIN_STOP_PATIENCE_SECONDS))
        .ifPresent(asked -> application.set(DicmKeys.TRAIN_STOP_PATIENCE_SECONDS, asked));
    return CheckpointSettings.of(DicmConfiguration.of(application)).patience();
  }

  private static void requireOwn(ApplicationReport report) throws IOException {
    String user = UserGroupInformation.getCurrentUser().getShortUserName();
    ApplicationId id = report.getApplicationId();
    if (!user.equals(report.getUser())) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot ask %s to end: it is %s's, and you are %s. Who may modify it can end it at once: dicm kill %s"
              .formatted(id, report.getUser(), user, id));
    }
    if (!ApplicationSubmitter.TYPE.equals(report.getApplicationType())) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot ask %s to end: it is of type %s, and only applications of DICM take that. To end it at once: dicm kill %s"
              .formatted(id, report.getApplicationType(), id));
    }
  }

  private static String ended(ApplicationReport report) {
    return report.getFinalApplicationStatus() == FinalApplicationStatus.KILLED
        ? ApplicationFollower.stopped(report)
        : report.getApplicationId()
            + " has ended: "
            + report.getFinalApplicationStatus()
            + ". "
            + report.getDiagnostics().trim();
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
