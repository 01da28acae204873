package io.dicm.app.cli;

import io.dicm.app.pipeline.StageName;
import io.dicm.app.plan.AssumedCounts;
import io.dicm.common.config.DicmKeys;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Tells what a run would do, from listings, manifests or assumed counts; nothing is started. */
final class PlanCommand implements Command {
  static final String OFFLINE = "offline";
  static final String ASSUME = "assume";
  static final String GROWTH = "growth";

  private static final String EXTRACT = "extract";
  private static final String RATE = "images-per-second";

  /** An assumption for VGG16 on one core; users give what they measured. */
  private static final String USUAL_RATE = "4";

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String summary() {
    return "what a run would do, take and need, without running it";
  }

  @Override
  public String arguments() {
    return "FILE | " + EXTRACT + " | --" + ASSUME + " ...";
  }

  @Override
  public String details() {
    return "FILE: a pipeline file, all of whose containers and data are planned. The exit code is"
        + " that of its submission.\nCounts of --"
        + ASSUME
        + " and what they are when left out:\n"
        + AssumedCounts.describeKeys();
  }

  @Override
  public Options options() {
    Options options =
        new Options()
            .addOption(
                LaunchOptions.value(
                    "input", "DIR", EXTRACT + ": input directory (or " + DicmKeys.INPUT_PATH + ")"))
            .addOption(
                LaunchOptions.value(
                    "workspace",
                    "DIR",
                    EXTRACT + ": where outputs are published (or " + DicmKeys.WORKSPACE_PATH + ")"))
            .addOption(
                LaunchOptions.value(
                    RATE, "N", "of one map task, for the time (default " + USUAL_RATE + ")"))
            .addOption(LaunchOptions.flag(OFFLINE, "FILE: do not ask the resource manager"))
            .addOption(
                Option.builder()
                    .longOpt(ASSUME)
                    .hasArgs()
                    .argName("KEY=VALUE or FILE")
                    .desc("counts instead of data: storage, traffic and memory for them")
                    .build())
            .addOption(
                LaunchOptions.value(
                    GROWTH,
                    "F[,F...]",
                    ASSUME + ": also for so many times as much (such as 2,10)"));
    return OutputFormat.addTo(options);
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, UsageException {
    String[] arguments = line.getArgs();
    if (line.hasOption(ASSUME) && arguments.length == 0) {
      new PlanAssumed(context, line).run();
    } else if (line.hasOption(ASSUME) || arguments.length != 1) {
      throw new UsageException(
          "plan needs one pipeline file, the stage to plan (" + EXTRACT + ") or --" + ASSUME);
    } else if (arguments[0].equals(EXTRACT)) {
      new PlanExtract(context, line).run(rate(line));
    } else if (isStage(arguments[0])) {
      throw new UsageException(
          "plan has only " + EXTRACT + " by itself, not " + arguments[0] + "; or a pipeline file");
    } else {
      new PlanPipeline(context, line).run(arguments[0], rate(line));
    }
  }

  private static boolean isStage(String word) {
    return StageName.all().stream().anyMatch(stage -> stage.label().equals(word));
  }

  private static double rate(CommandLine line) throws UsageException {
    String value = line.getOptionValue(RATE, USUAL_RATE);
    if (!value.matches("[0-9]{1,9}(\\.[0-9]{1,9})?") || Double.parseDouble(value) == 0) {
      throw new UsageException("--" + RATE + " was '" + value + "', needed a number above 0");
    }
    return Double.parseDouble(value);
  }
}
