package io.dicm.app.cli;

import io.dicm.app.client.ApplicationStatus;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.history.StageRecord;
import io.dicm.app.plan.ClusterSize;
import io.dicm.app.plan.ContainerSize;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ApplicationResourceUsageReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Says how an application is. */
final class StatusCommand implements Command {
  @Override
  public String name() {
    return "status";
  }

  @Override
  public String summary() {
    return "state and progress of an application";
  }

  @Override
  public String arguments() {
    return "APPLICATION_ID";
  }

  @Override
  public Options options() {
    return OutputFormat.addTo(new Options());
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, UsageException {
    ApplicationId id = Applications.argument(name(), line);
    OutputFormat format = OutputFormat.of(line);
    try (Applications applications = new Applications(context)) {
      // A report that is read before they are known has no GPUs.
      ClusterSize.learnResourceTypes(applications.yarn());
      ApplicationReport report = applications.yarn().getApplicationReport(id);
      Map<String, String> state = ApplicationFields.of(report, Instant.now());
      if (report.getYarnApplicationState() == YarnApplicationState.RUNNING) {
        new ApplicationStatus(context.conf(), id.toString())
            .read()
            .ifPresent(run -> state.put("stage", stage(run)));
        addGpus(state, report);
      }
      context.out().print(format.write(state));
    } catch (ApplicationNotFoundException e) {
      throw Applications.unknown(id, e);
    }
  }

  /** Those that its containers have now, where there are any. */
  private static void addGpus(Map<String, String> state, ApplicationReport report) {
    ApplicationResourceUsageReport usage = report.getApplicationResourceUsageReport();
    if (usage == null || usage.getUsedResources() == null) {
      return;
    }
    long gpus = ContainerSize.of(usage.getUsedResources()).gpus();
    if (gpus > 0) {
      state.put("gpus", Long.toString(gpus));
    }
  }

  /** The stage that runs; between two stages the one that comes next. */
  private static String stage(RunSnapshot run) {
    return run.stages().stream()
        .filter(stage -> stage.finishedAtMs() == 0)
        .map(StageRecord::stage)
        .findFirst()
        .orElse("");
  }
}
