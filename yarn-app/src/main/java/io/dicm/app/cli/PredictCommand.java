package io.dicm.app.cli;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Predicts as an application of its own, with any model or none, any samples. */
final class PredictCommand implements Command {
  private static final String MODEL = "model";
  private static final String SAMPLES = "samples";
  private static final String SPLIT = "split";
  private static final String BASELINE = "baseline";

  private final StageArguments arguments = new StageArguments(StageName.PREDICT);
  private final DeviceOption device = new DeviceOption(List.of(StageName.PREDICT));

  @Override
  public String name() {
    return StageName.PREDICT.label();
  }

  @Override
  public String summary() {
    return StageName.PREDICT.purpose();
  }

  @Override
  public Options options() {
    return arguments
        .options()
        .addOption(
            LaunchOptions.value(
                MODEL,
                "DIR",
                "the model, if not the run's own (or " + DicmKeys.PREDICT_MODEL + ")"))
        .addOption(
            LaunchOptions.value(
                SAMPLES,
                "DIR",
                "the samples, if not the run's own (or " + DicmKeys.PREDICT_SAMPLES + ")"))
        .addOption(
            LaunchOptions.value(
                SPLIT,
                "NAME",
                "which of them: test (default) or train (or " + DicmKeys.PREDICT_SPLIT + ")"))
        .addOption(
            LaunchOptions.value(
                BASELINE,
                "KIND",
                "predict without a model: item-mean, user-mean or item-user-mean (or "
                    + DicmKeys.PREDICT_BASELINE
                    + ")"))
        .addOption(device.option());
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    if (line.hasOption(MODEL) && line.hasOption(BASELINE)) {
      throw new UsageException("predict takes --" + MODEL + " or --" + BASELINE + ", not both");
    }
    Configuration conf = context.conf();
    setPath(conf, line, MODEL, DicmKeys.PREDICT_MODEL);
    setPath(conf, line, SAMPLES, DicmKeys.PREDICT_SAMPLES);
    set(conf, line, SPLIT, DicmKeys.PREDICT_SPLIT);
    set(conf, line, BASELINE, DicmKeys.PREDICT_BASELINE);
    device.apply(line, conf);
    new PipelineLaunch(context, line).run(arguments.settings(conf, line));
  }

  private static void set(Configuration conf, CommandLine line, String option, String key) {
    if (line.hasOption(option)) {
      conf.set(key, line.getOptionValue(option));
    }
  }

  /** Containers need the path with scheme, authority and all folders. */
  private static void setPath(Configuration conf, CommandLine line, String option, String key)
      throws IOException, UsageException {
    String path = line.getOptionValue(option, conf.getTrimmed(key, ""));
    if (!path.isEmpty()) {
      conf.set(key, Qualified.path(conf, PathArgument.parse(path)).toString());
    }
  }
}
