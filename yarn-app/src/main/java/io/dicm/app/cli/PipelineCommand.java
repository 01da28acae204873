package io.dicm.app.cli;

import io.dicm.app.pipeline.PipelineFile;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Runs the stages of a pipeline file as one application. */
final class PipelineCommand implements Command {
  private static final String INCREMENTAL = "incremental";

  private final DeviceOption device = new DeviceOption(StageName.all());

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
    return LaunchOptions.addTo(
        new Options()
            .addOption(
                LaunchOptions.flag(
                    INCREMENTAL,
                    "go on where the newest earlier day's training ended, with this day's impressions (or "
                        + DicmKeys.RUN_INCREMENTAL
                        + "=on)"))
            .addOption(device.option()));
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
    device.apply(line, conf);
    if (line.hasOption(INCREMENTAL) && "off".equals(conf.getTrimmed(DicmKeys.RUN_INCREMENTAL))) {
      conf.set(DicmKeys.RUN_INCREMENTAL, "on");
    }
    new PipelineLaunch(context, line).run(Qualified.settings(conf, pipeline.settings()));
  }
}
