package io.dicm.app.cli;

import io.dicm.app.ablation.RunLauncher;
import io.dicm.app.client.ApplicationProgress;
import io.dicm.app.client.RunningApplications;
import io.dicm.app.client.SubmittedApplication;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * Submits and follows applications of an ablation. A signal to this process kills those that run.
 * One that a killed client left is not joined by another that would write the same. Safe for many
 * threads.
 *
 * @param context of the command
 * @param alone whether one runs at a time, so that a bar may show it
 */
record AblationLauncher(CommandContext context, boolean alone) implements RunLauncher {
  private static final String GO_ON =
      "The ablation was stopped; the same command goes on with what is not done.";

  @Override
  public void run(Configuration conf, PipelineSettings settings)
      throws IOException, YarnException, InterruptedException {
    CommandContext own = new CommandContext(conf, context.out(), context.err());
    ApplicationProgress progress =
        alone
            ? new RunProgress(ProgressBar.onStandardError(context.err()))
            : new RunLines(context.err(), settings.run());
    try (Applications applications = new Applications(own)) {
      new RunningApplications(applications.yarn()).requireNone(settings.name());
      SubmittedApplication application = applications.submit(settings);
      applications.follow(application, true, progress);
    } finally {
      ProcessExit.onSignal(ErrorCode.INTERRUPTED, GO_ON);
    }
  }
}
