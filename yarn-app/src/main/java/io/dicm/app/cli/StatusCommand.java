package io.dicm.app.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
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
    if (line.getArgs().length != 1) {
      throw new UsageException("status needs one application id");
    }
    ApplicationId id = Applications.parse(line.getArgs()[0]);
    OutputFormat format = OutputFormat.of(line);
    try (Applications applications = new Applications(context)) {
      context.out().print(format.write(state(applications.yarn().getApplicationReport(id))));
    } catch (ApplicationNotFoundException e) {
      throw Applications.unknown(id, e);
    }
  }

  private static Map<String, String> state(ApplicationReport report) {
    Map<String, String> state = new LinkedHashMap<>();
    state.put("application_id", report.getApplicationId().toString());
    state.put("name", report.getName());
    state.put("queue", report.getQueue());
    state.put("state", report.getYarnApplicationState().name());
    state.put("final_status", report.getFinalApplicationStatus().name());
    state.put("progress", String.format(Locale.ROOT, "%.2f", report.getProgress()));
    String diagnostics = report.getDiagnostics() == null ? "" : report.getDiagnostics();
    state.put("diagnostics", diagnostics.lines().findFirst().orElse(""));
    return state;
  }
}
