package io.dicm.app.cli;

import io.dicm.app.client.QuickAnswers;
import io.dicm.app.client.RunPlanner;
import io.dicm.app.pipeline.PipelineFile;
import io.dicm.app.plan.RunPlan;
import java.io.IOException;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** The plan of a pipeline file; ends with the exit code that its submission would have. */
record PlanPipeline(CommandContext context, CommandLine line) {
  void run(String file, double imagesPerSecond) throws IOException, YarnException, UsageException {
    OutputFormat format = OutputFormat.of(line);
    Configuration conf = context.conf();
    PipelineFile pipeline = PipelineFile.read(conf, PathArgument.localFirst(conf, file));
    RunProperties.apply(conf, pipeline.properties(), "pipeline file");
    new KnownKeys().check(conf);
    RunPlanner planner = new RunPlanner(conf, Qualified.settings(conf, pipeline.settings()));
    RunPlan plan = plan(planner, imagesPerSecond);
    PlanText text = new PlanText(plan);
    context
        .out()
        .print(format == OutputFormat.TEXT ? text.forPeople() : format.write(text.values()));
    plan.requireAccepted();
  }

  private RunPlan plan(RunPlanner planner, double imagesPerSecond)
      throws IOException, YarnException {
    if (line.hasOption(PlanCommand.OFFLINE)) {
      return planner.plan(Optional.empty(), imagesPerSecond);
    }
    YarnClient yarn = YarnClient.createYarnClient();
    yarn.init(QuickAnswers.of(context.conf()));
    yarn.start();
    try {
      return planner.plan(Optional.of(yarn), imagesPerSecond);
    } finally {
      yarn.stop();
    }
  }
}
