package io.dicm.app.cli;

import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.EvaluationComparison;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Evaluates a run's predictions, or compares two runs' evaluations. */
final class EvaluateCommand implements Command {
  private static final String AGAINST = "against";
  private static final String AGAINST_DATE = "against-date";

  private final StageArguments arguments = new StageArguments(StageName.EVALUATE);

  @Override
  public String name() {
    return StageName.EVALUATE.label();
  }

  @Override
  public String summary() {
    return StageName.EVALUATE.purpose();
  }

  @Override
  public Options options() {
    return arguments
        .options()
        .addOption(
            LaunchOptions.value(
                AGAINST,
                "RUN",
                "print how the run's metrics differ from this one's, both evaluated before; starts"
                    + " nothing"))
        .addOption(
            LaunchOptions.value(
                AGAINST_DATE, "YYYY-MM-DD", "day of that run's partition, if it is another"));
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    PipelineSettings settings = arguments.settings(context.conf(), line);
    if (line.hasOption(AGAINST)) {
      compare(context, line, settings);
      return;
    }
    if (line.hasOption(AGAINST_DATE)) {
      throw new UsageException("--" + AGAINST_DATE + " needs --" + AGAINST);
    }
    OutputFormat format = OutputFormat.of(line);
    Map<String, Object> result = new PipelineLaunch(context, line).result(settings);
    context
        .out()
        .print(
            line.hasOption(LaunchOptions.DETACH)
                ? format.write(result)
                : write(result, evaluation(context.conf(), settings), format));
  }

  /** JSON has the whole evaluation, text its tables, properties the metrics of all impressions. */
  static String write(Map<String, Object> result, Evaluation evaluation, OutputFormat format) {
    return switch (format) {
      case TEXT -> format.write(result) + new EvaluationText().of(evaluation);
      case PROPERTIES -> format.write(result);
      case JSON -> {
        Map<String, Object> all = new LinkedHashMap<>(result);
        all.put("evaluation", evaluation);
        yield format.write(all);
      }
    };
  }

  private static Evaluation evaluation(Configuration conf, PipelineSettings settings) {
    return Evaluation.read(conf, settings.workspace().metrics(settings.date(), settings.run()));
  }

  private static void compare(CommandContext context, CommandLine line, PipelineSettings settings)
      throws IOException, UsageException {
    OutputFormat format = OutputFormat.of(line);
    if (format == OutputFormat.PROPERTIES) {
      throw new UsageException("--" + AGAINST + " has --output text or json");
    }
    Configuration conf = context.conf();
    String run = run(line);
    Path first = settings.workspace().metrics(settings.date(), settings.run());
    Path second = settings.workspace().metrics(date(line, settings), run);
    EvaluationComparison comparison = EvaluationComparison.read(conf, first, second);
    context
        .out()
        .print(
            format == OutputFormat.JSON
                ? new JsonFiles(conf).oneLine(comparison) + "\n"
                : new EvaluationText().of(comparison, settings.run(), run));
  }

  private static String run(CommandLine line) throws UsageException {
    String run = line.getOptionValue(AGAINST);
    if (!PipelineSettings.isRunName(run)) {
      throw new UsageException("--" + AGAINST + " was '" + run + "', needed is a run's name");
    }
    return run;
  }

  private static String date(CommandLine line, PipelineSettings settings) throws UsageException {
    String date = line.getOptionValue(AGAINST_DATE, settings.date());
    try {
      return LocalDate.parse(date).toString();
    } catch (DateTimeParseException e) {
      throw new UsageException(
          "--" + AGAINST_DATE + " was '" + date + "', needed is a day, YYYY-MM-DD");
    }
  }
}
