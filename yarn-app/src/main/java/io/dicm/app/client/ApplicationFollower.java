package io.dicm.app.client;

import io.dicm.app.launch.ChildApplications;
import io.dicm.app.master.history.RunFiles;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.recovery.RunLeftovers;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
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
  private final ApplicationReports reports;
  private final ApplicationStatus status;
  private final ChildApplications children;

  public ApplicationFollower(
      YarnClient yarn,
      Configuration conf,
      SubmittedApplication application,
      ApplicationProgress progress)
      throws IOException {
    this(yarn, conf, application, progress, POLL_INTERVAL);
  }

  /**
   * @param pollInterval between two looks at the application
   */
  ApplicationFollower(
      YarnClient yarn,
      Configuration conf,
      SubmittedApplication application,
      ApplicationProgress progress,
      Duration pollInterval)
      throws IOException {
    this.yarn = yarn;
    this.conf = conf;
    this.application = application;
    this.progress = progress;
    this.reports = new ApplicationReports(yarn, application.id(), pollInterval);
    this.status = new ApplicationStatus(conf, application.id().toString());
    this.children = new ChildApplications(yarn, application.id().toString());
  }

  /** The longest wait for an application's start, as configured. */
  static Duration startLimit(DicmConfiguration conf) {
    return Duration.ofSeconds(conf.integer(DicmKeys.YARN_ACCEPT_TIMEOUT_SECONDS, 1, MOST_SECONDS));
  }

  /**
   * Waits for the end.
   *
   * @return what the application did
   * @throws DicmException {@link ErrorCode#NO_RESOURCES} when the application does not start in
   *     time and was killed; {@link ErrorCode#CLIENT_GAVE_UP} when YARN or the file system is lost
   *     while it goes on; the application's own first cause when it failed
   */
  public RunSnapshot follow() throws InterruptedException {
    try {
      ApplicationReport report = awaitStart();
      while (!hasEnded(report)) {
        status.read().ifPresent(progress::running);
        reports.pause();
        report = reports.next();
      }
      return outcome(report);
    } finally {
      progress.ended();
    }
  }

  /** Kills the application and its MapReduce jobs. */
  public void kill() throws IOException, YarnException {
    new ApplicationKill(yarn, conf).kill(application.id());
  }

  private ApplicationReport awaitStart() throws InterruptedException {
    Duration limit = startLimit(DicmConfiguration.of(conf));
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (true) {
      ApplicationReport report = reports.next();
      if (report.getYarnApplicationState() == YarnApplicationState.RUNNING || hasEnded(report)) {
        return report;
      }
      progress.waiting(application.id().toString(), report.getQueue());
      if (System.nanoTime() > deadlineNanos) {
        throw notStarted(report, limit);
      }
      reports.pause();
    }
  }

  private DicmException notStarted(ApplicationReport report, Duration limit) {
    try {
      kill();
    } catch (IOException | YarnException e) {
      return ApplicationReports.gaveUp(application.id(), e);
    }
    return new DicmException(
        ErrorCode.NO_RESOURCES,
        "Cannot run %s: queue %s did not start it in %d s (%s), and it was killed. Wait longer with dicm.yarn.accept-timeout-seconds, or use another queue."
            .formatted(
                application.id(),
                report.getQueue(),
                limit.toSeconds(),
                firstLine(report.getDiagnostics())));
  }

  private RunSnapshot outcome(ApplicationReport report) {
    String id = application.id().toString();
    deleteStaging(id);
    if (report.getFinalApplicationStatus() == FinalApplicationStatus.SUCCEEDED) {
      PipelineSettings settings = application.settings();
      RunSnapshot run =
          new RunFiles(conf)
              .read(settings.workspace().runs(settings.date(), settings.run()))
              .only(settings.stages());
      progress.running(run);
      return run;
    }
    children.kill();
    if (report.getYarnApplicationState() != YarnApplicationState.FINISHED) {
      // Its master could not tidy up.
      new RunLeftovers(conf, application.settings(), id).remove();
    }
    if (report.getYarnApplicationState() == YarnApplicationState.KILLED) {
      throw new DicmException(ErrorCode.KILLED, id + " was killed.");
    }
    if (report.getFinalApplicationStatus() == FinalApplicationStatus.KILLED) {
      throw new DicmException(ErrorCode.KILLED, stopped(report));
    }
    throw Diagnostics.toException(id, report.getDiagnostics());
  }

  /** What is told of an application that its owner asked to end. */
  static String stopped(ApplicationReport report) {
    return (report.getApplicationId() + " was stopped. " + report.getDiagnostics()).trim();
  }

  private void deleteStaging(String id) {
    try {
      new StagingDirectory(conf).deleteApplication(id);
    } catch (IOException e) {
      // The application's outcome stands; only a small folder is left.
      LOG.warn("Cannot delete the staging directory of {}: {}", id, e.getMessage());
    }
  }

  static boolean hasEnded(ApplicationReport report) {
    return switch (report.getYarnApplicationState()) {
      case FINISHED, FAILED, KILLED -> true;
      default -> false;
    };
  }

  private static String firstLine(String text) {
    return text == null ? "" : text.lines().findFirst().orElse("");
  }
}
