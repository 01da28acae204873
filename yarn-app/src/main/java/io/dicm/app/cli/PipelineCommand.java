package io.dicm.app.cli;

import io.dicm.app.pipeline.PipelineFile;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Runs the stages of a pipeline file as one application. */
final class PipelineCommand implements Command {
  @Override
  public String name() {
    return "pipeline";
  }

  @Override
  public String summary() {
    return "all stages as one YARN application, from a JSON pipeline file";
  }

  @Override
  public String arguments() {
    return "FILE";
  }

  @Override
  public Options options() {
    return LaunchOptions.addTo(new Options());
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    if (line.getArgs().length != 1) {
      throw new UsageException("pipeline needs one file");
    }
    Configuration conf = context.conf();
    PipelineFile pipeline =
        PipelineFile.read(conf, PathArgument.localFirst(conf, line.getArgs()[0]));
    RunProperties.apply(conf, pipeline.properties(), "pipeline file");
    new KnownKeys().check(conf);
    new PipelineLaunch(context, line).run(Qualified.settings(conf, pipeline.settings()));
  }
}
