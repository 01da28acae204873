package io.dicm.app.cli;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.report.ReportWriter;
import java.io.IOException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Makes {@code report.html} of a run, in this process. */
final class ReportCommand implements Command {
  @Override
  public String name() {
    return "report";
  }

  @Override
  public String summary() {
    return "one page on a run: curves, bytes, calibration, slices, attention and neighbours";
  }

  @Override
  public Options options() {
    return new Options()
        .addOption(
            LaunchOptions.value(
                "workspace",
                "DIR",
                "where the run was published (or " + DicmKeys.WORKSPACE_PATH + ")"))
        .addOption(
            LaunchOptions.value("run", "NAME", "name of the run (or " + DicmKeys.RUN_ID + ")"))
        .addOption(
            LaunchOptions.value(
                "date",
                "YYYY-MM-DD",
                "day of its partitions (or " + DicmKeys.RUN_DATE + "; default: the newest)"))
        .addOption(
            LaunchOptions.value(
                "input",
                "DIR",
                "input directory, for the pictures (or "
                    + DicmKeys.INPUT_PATH
                    + "); without it the page has their names"))
        .addOption(
            LaunchOptions.value("ablation", "NAME", "an ablation whose tables are shown too"))
        .addOption(
            LaunchOptions.value(
                "to",
                "FILE",
                "the file to make, here or on any Hadoop file system (default: reports/dt=D/run=R/"
                    + ReportWriter.FILE
                    + " in the workspace)"));
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws IOException, UsageException {
    if (!line.getArgList().isEmpty()) {
      throw new UsageException(name() + " takes no argument, was '" + line.getArgs()[0] + "'");
    }
    Configuration conf = new Configuration(context.conf());
    String run = required(conf, line, "run", DicmKeys.RUN_ID);
    requireName("run", run);
    String date = value(conf, line, "date", DicmKeys.RUN_DATE);
    requireDay(date);
    String ablation = line.getOptionValue("ablation", "");
    if (!ablation.isEmpty()) {
      requireName("ablation", ablation);
    }
    if (line.hasOption("input")) {
      conf.set(
          DicmKeys.INPUT_PATH,
          Qualified.path(conf, PathArgument.parse(line.getOptionValue("input"))).toString());
    }
    Path workspace = PathArgument.parse(required(conf, line, "workspace", DicmKeys.WORKSPACE_PATH));
    Path target = line.hasOption("to") ? target(conf, line.getOptionValue("to")) : null;
    Path written =
        write(
            context,
            conf,
            new Workspace(Qualified.path(conf, workspace)),
            new ReportWriter.Request(run, date, ablation),
            target);
    context.out().println(written);
  }

  /**
   * Makes the page.
   *
   * @param conf says where pictures are
   * @param target the file, or null for the usual place
   * @return where it is
   */
  static Path write(
      CommandContext context,
      Configuration conf,
      Workspace workspace,
      ReportWriter.Request request,
      Path target)
      throws IOException {
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    try {
      return new ReportWriter(conf, workspace, Clock.systemUTC())
          .write(
              request,
              target,
              (done, total, note) -> bar.show("report", (float) done / total, note));
    } finally {
      bar.clear();
    }
  }

  /** A page is to be looked at: without a scheme the file is one of this machine. */
  static Path target(Configuration conf, String text) throws IOException, UsageException {
    Path path = PathArgument.parse(text);
    return path.toUri().getScheme() == null ? FileSystem.getLocal(conf).makeQualified(path) : path;
  }

  private String required(Configuration conf, CommandLine line, String option, String key)
      throws UsageException {
    String value = value(conf, line, option, key);
    if (value.isEmpty()) {
      throw new UsageException(name() + " needs --" + option + " (or -D " + key + "=...)");
    }
    return value;
  }

  private static String value(Configuration conf, CommandLine line, String option, String key) {
    return line.getOptionValue(option, conf.getTrimmed(key, ""));
  }

  /** The names are parts of paths. */
  private static void requireName(String option, String name) throws UsageException {
    if (!PipelineSettings.isRunName(name)) {
      throw new UsageException(
          "--" + option + " was '" + name + "', allowed are 1 to 64 letters, digits, '-' and '_'");
    }
  }

  private static void requireDay(String date) throws UsageException {
    try {
      if (!date.isEmpty()) {
        LocalDate.parse(date);
      }
    } catch (DateTimeParseException e) {
      throw new UsageException("--date was '" + date + "', needed a day as YYYY-MM-DD");
    }
  }
}
