package io.dicm.app.cli;

import io.dicm.app.client.SubmittedApplication;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Submits and, unless detached, follows an application on behalf of a command. */
record PipelineLaunch(CommandContext context, CommandLine line) {
  /** Prints what became of the application. */
  void run(PipelineSettings settings)
      throws IOException, YarnException, InterruptedException, UsageException {
    OutputFormat format = OutputFormat.of(line);
    context.out().print(format.write(result(settings)));
  }

  /** What became of the application: names and values, in their order. */
  Map<String, Object> result(PipelineSettings settings)
      throws IOException, YarnException, InterruptedException {
    if (line.hasOption(LaunchOptions.KEY)) {
      context
          .conf()
          .set(DicmKeys.YARN_SUBMISSION_KEY, line.getOptionValue(LaunchOptions.KEY), "--key");
    }
    try (Applications applications = new Applications(context)) {
      SubmittedApplication application = applications.submit(settings);
      if (line.hasOption(LaunchOptions.DETACH)) {
        return new LinkedHashMap<>(RunResult.submitted(application));
      }
      RunSnapshot run = applications.follow(application, false);
      return new LinkedHashMap<>(RunResult.finished(context.conf(), application, run));
    }
  }
}
