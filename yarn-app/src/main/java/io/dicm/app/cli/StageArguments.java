package io.dicm.app.cli;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The command line of a stage that is an application of its own: input, workspace, day and run.
 *
 * @param stage the stage
 */
record StageArguments(StageName stage) {
  private static final Set<StageName> READ_INPUT =
      EnumSet.of(StageName.EXTRACT, StageName.SAMPLES, StageName.TRAIN, StageName.PREDICT);

  Options options() {
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
    return LaunchOptions.addTo(options);
  }

  /** What the arguments say, with paths as containers need them. */
  PipelineSettings settings(Configuration conf, CommandLine line)
      throws IOException, UsageException {
    if (!line.getArgList().isEmpty()) {
      throw new UsageException(
          stage.label() + " takes no argument, was '" + line.getArgs()[0] + "'");
    }
    Path input =
        READ_INPUT.contains(stage)
            ? PathArgument.parse(value(conf, line, "input", DicmKeys.INPUT_PATH))
            : null;
    PipelineSettings settings =
        new PipelineSettings(
            "dicm " + stage.label(),
            input,
            new Workspace(
                PathArgument.parse(value(conf, line, "workspace", DicmKeys.WORKSPACE_PATH))),
            value(conf, line, "date", DicmKeys.RUN_DATE),
            value(conf, line, "run", DicmKeys.RUN_ID),
            List.of(stage));
    return Qualified.settings(conf, settings);
  }

  private String value(Configuration conf, CommandLine line, String option, String key)
      throws UsageException {
    String value = line.getOptionValue(option, conf.getTrimmed(key, ""));
    if (value.isEmpty()) {
      throw new UsageException(stage.label() + " needs --" + option + " (or -D " + key + "=...)");
    }
    return value;
  }
}
