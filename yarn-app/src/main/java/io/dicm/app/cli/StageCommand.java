package io.dicm.app.cli;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Runs one stage as an application of its own. */
final class StageCommand implements Command {
  private final StageName stage;
  private final StageArguments arguments;
  private final DeviceOption device;

  StageCommand(StageName stage) {
    this.stage = stage;
    this.arguments = new StageArguments(stage);
    this.device = new DeviceOption(List.of(stage));
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
    Options options = arguments.options();
    if (device.isOfUse()) {
      options.addOption(device.option());
    }
    return stage == StageName.TRAIN ? options.addOption(ImagesOption.option()) : options;
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    Configuration conf = context.conf();
    ImagesOption.apply(line, conf);
    device.apply(line, conf);
    if (stage == StageName.REGISTER && conf.getTrimmed(DicmKeys.HIVE_JDBC_URL, "").isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot register: " + DicmKeys.HIVE_JDBC_URL + " is not set.");
    }
    new PipelineLaunch(context, line).run(arguments.settings(conf, line));
  }
}
