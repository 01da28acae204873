package io.dicm.app.cli;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Runs one stage as an application of its own. */
final class StageCommand implements Command {
  private static final Set<StageName> READ_INPUT =
      EnumSet.of(StageName.EXTRACT, StageName.SAMPLES, StageName.TRAIN, StageName.PREDICT);

  private final StageName stage;

  StageCommand(StageName stage) {
    this.stage = stage;
  }

  @Override
  public String name() {
    return stage.label();
  }

  @Override
  public String summary() {
    return stage.purpose();
  }

  @Override
  public Options options() {
    Options options = new Options();
    if (READ_INPUT.contains(stage)) {
      options.addOption(
          LaunchOptions.value("input", "DIR", "input directory (or " + DicmKeys.INPUT_PATH + ")"));
    }
    options.addOption(
        LaunchOptions.value(
            "workspace",
            "DIR",
            "where outputs are published (or " + DicmKeys.WORKSPACE_PATH + ")"));
    options.addOption(
        LaunchOptions.value(
            "date", "YYYY-MM-DD", "day of the partition (or " + DicmKeys.RUN_DATE + ")"));
    options.addOption(
        LaunchOptions.value("run", "NAME", "name of the run (or " + DicmKeys.RUN_ID + ")"));
    if (stage == StageName.TRAIN) {
      options.addOption(ImagesOption.option());
    }
    return LaunchOptions.addTo(options);
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    if (!line.getArgList().isEmpty()) {
      throw new UsageException(name() + " takes no argument, was '" + line.getArgs()[0] + "'");
    }
    Configuration conf = context.conf();
    ImagesOption.apply(line, conf);
    if (stage == StageName.REGISTER && conf.getTrimmed(DicmKeys.HIVE_JDBC_URL, "").isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot register: " + DicmKeys.HIVE_JDBC_URL + " is not set.");
    }
    Path input =
        READ_INPUT.contains(stage)
            ? PathArgument.parse(value(conf, line, "input", DicmKeys.INPUT_PATH))
            : null;
    PipelineSettings settings =
        new PipelineSettings(
            "dicm " + name(),
            input,
            new Workspace(
                PathArgument.parse(value(conf, line, "workspace", DicmKeys.WORKSPACE_PATH))),
            value(conf, line, "date", DicmKeys.RUN_DATE),
            value(conf, line, "run", DicmKeys.RUN_ID),
            List.of(stage));
    new PipelineLaunch(context, line).run(Qualified.settings(conf, settings));
  }

  private String value(Configuration conf, CommandLine line, String option, String key)
      throws UsageException {
    String value = line.getOptionValue(option, conf.getTrimmed(key, ""));
    if (value.isEmpty()) {
      throw new UsageException(name() + " needs --" + option + " (or -D " + key + "=...)");
    }
    return value;
  }
}
