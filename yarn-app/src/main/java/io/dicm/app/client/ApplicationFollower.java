package io.dicm.app.client;

import io.dicm.app.launch.ChildApplications;
import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StatusFile;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one application to its end. For one thread. */
public final class ApplicationFollower {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationFollower.class);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(500);
  private static final int MOST_SECONDS = 86_400;

  private final YarnClient yarn;
  private final Configuration conf;
  private final SubmittedApplication application;
  private final ApplicationProgress progress;
  private final ChildApplications children;
  private final Path statusFile;

  public ApplicationFollower(
      YarnClient yarn,
      Configuration conf,
      SubmittedApplication application,
      ApplicationProgress progress)
      throws IOException {
    this.yarn = yarn;
    this.conf = conf;
    this.application = application;
    this.progress = progress;
    this.children = new ChildApplications(yarn, application.id().toString());
    this.statusFile =
        new Path(
            new StagingDirectory(conf).ofApplication(application.id().toString()), StatusFile.NAME);
  }

  /**
   * Waits for the end.
   *
   * @return what the run did
   * @throws DicmException {@link ErrorCode#NO_RESOURCES} when the application does not start in
   *     time and was killed; the application's own first cause when it failed
   */
  public RunSnapshot follow() throws IOException, YarnException, InterruptedException {
    try {
      ApplicationReport report = awaitStart();
      while (!hasEnded(report)) {
        readStatus().ifPresent(progress::running);
        Thread.sleep(POLL_INTERVAL.toMillis());
        report = yarn.getApplicationReport(application.id());
      }
      return outcome(report);
    } finally {
      progress.ended();
    }
  }

  /** Kills the application and its MapReduce jobs. */
  public void kill() throws IOException, YarnException {
    yarn.killApplication(application.id());
    children.kill();
    new StagingDirectory(conf).deleteApplication(application.id().toString());
  }

  private ApplicationReport awaitStart() throws IOException, YarnException, InterruptedException {
    int limitSeconds =
        DicmConfiguration.of(conf).integer(DicmKeys.YARN_ACCEPT_TIMEOUT_SECONDS, 1, MOST_SECONDS);
    long deadlineNanos = System.nanoTime() + Duration.ofSeconds(limitSeconds).toNanos();
    while (true) {
      ApplicationReport report = yarn.getApplicationReport(application.id());
      if (report.getYarnApplicationState() == YarnApplicationState.RUNNING || hasEnded(report)) {
        return report;
      }
      progress.waiting(application.id().toString(), report.getQueue());
      if (System.nanoTime() > deadlineNanos) {
        kill();
        throw new DicmException(
            ErrorCode.NO_RESOURCES,
            "Cannot run %s: queue %s did not start it in %d s (%s), and it was killed. Wait longer with dicm.yarn.accept-timeout-seconds, or use another queue."
                .formatted(
                    application.id(),
                    report.getQueue(),
                    limitSeconds,
                    firstLine(report.getDiagnostics())));
      }
      Thread.sleep(POLL_INTERVAL.toMillis());
    }
  }

  private RunSnapshot outcome(ApplicationReport report) throws IOException {
    String id = application.id().toString();
    new StagingDirectory(conf).deleteApplication(id);
    if (report.getFinalApplicationStatus() == FinalApplicationStatus.SUCCEEDED) {
      RunSnapshot run =
          new RunFiles(conf)
              .read(
                  application
                      .settings()
                      .workspace()
                      .runs(application.settings().date(), application.settings().run()));
      progress.running(run);
      return run;
    }
    children.kill();
    if (report.getYarnApplicationState() == YarnApplicationState.KILLED) {
      throw new DicmException(ErrorCode.KILLED, id + " was killed.");
    }
    throw Diagnostics.toException(id, report.getDiagnostics());
  }

  private Optional<RunSnapshot> readStatus() {
    try {
      if (!statusFile.getFileSystem(conf).exists(statusFile)) {
        return Optional.empty();
      }
      return Optional.of(
          new JsonFiles(conf).read(statusFile, RunSnapshot.class, ErrorCode.STORAGE_FAILED));
    } catch (IOException | DicmException e) {
      LOG.debug("No status this time", e); // The next one comes soon.
      return Optional.empty();
    }
  }

  private static boolean hasEnded(ApplicationReport report) {
    return switch (report.getYarnApplicationState()) {
      case FINISHED, FAILED, KILLED -> true;
      default -> false;
    };
  }

  private static String firstLine(String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }
}
