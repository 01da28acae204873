package io.dicm.app.cli;

import io.dicm.app.client.SubmissionRecords;
import io.dicm.app.client.SubmissionRecords.Submission;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.exceptions.ApplicationNotFoundException;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Submits what an application of this user was submitted with, once more. */
final class RerunCommand implements Command {
  @Override
  public String name() {
    return "rerun";
  }

  @Override
  public String summary() {
    return "submit again what an ended application of yours was submitted with";
  }

  @Override
  public String arguments() {
    return "APPLICATION_ID";
  }

  @Override
  public Options options() {
    return LaunchOptions.addTo(new Options());
  }

  @Override
  public String details() {
    return """
    Stages, input, workspace, day, run and properties are those of the application; -D key=value
    changes single ones. The cluster's site files are those of now.
    """;
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    ApplicationId id = Applications.argument(name(), line);
    Submission submission = new SubmissionRecords(context.conf()).find(id);
    requireEnded(context, id);
    RunProperties.apply(context.conf(), submission.properties(), "submission of " + id);
    new KnownKeys().check(context.conf());
    new PipelineLaunch(context, line).run(submission.settings());
  }

  private static void requireEnded(CommandContext context, ApplicationId id)
      throws IOException, YarnException {
    try (Applications applications = new Applications(context)) {
      ApplicationReport report = applications.yarn().getApplicationReport(id);
      if (!ApplicationFields.hasEnded(report)) {
        throw new DicmException(
            ErrorCode.OUTPUT_EXISTS,
            "Cannot run %s again: it has not ended. Watch it: dicm status %s; end it: dicm kill %s"
                .formatted(id, id, id));
      }
    } catch (ApplicationNotFoundException e) {
      // YARN forgets; our record is enough.
      return;
    }
  }
}
