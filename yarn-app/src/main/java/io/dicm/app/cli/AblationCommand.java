package io.dicm.app.cli;

import io.dicm.app.ablation.AblationPlace;
import io.dicm.app.ablation.ApplicationAblationRunner;
import io.dicm.app.ablation.PlantedSignalMaker;
import io.dicm.app.ablation.RunLauncher;
import io.dicm.app.master.checkpoint.WarmStart;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.FilePublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.ablation.AblationExecutor;
import io.dicm.trainer.ablation.AblationPlan;
import io.dicm.trainer.ablation.AblationRendering;
import io.dicm.trainer.ablation.AblationReport;
import io.dicm.trainer.ablation.AblationReporter;
import io.dicm.trainer.ablation.ControlVerdict;
import io.dicm.trainer.ablation.PlantedSignal;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Trains the model without and with pictures, and its parts, and prints what each is worth. */
final class AblationCommand implements Command {
  @Override
  public String name() {
    return "ablation";
  }

  @Override
  public String summary() {
    return "what pictures are worth: trainings side by side, with controls and intervals";
  }

  @Override
  public String arguments() {
    return "[FILE]";
  }

  @Override
  public Options options() {
    return AblationOptions.all();
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    Configuration conf = context.conf();
    OutputFormat format = OutputFormat.of(line);
    AblationOptions options = new AblationOptions(conf, line);
    AblationPlace place = options.place(options.applyFile());
    AblationPlan plan = options.plan(place);
    int concurrent = options.concurrent();
    options.overridden().forEach(context.err()::println);
    if (options.isDryRun()) {
      context.out().print(new AblationPlanText(plan, place).lines());
      return;
    }
    checkWarmStart(conf, plan, place);
    RunLauncher launcher = new AblationLauncher(context, concurrent == 1);
    ApplicationAblationRunner runner =
        new ApplicationAblationRunner(conf, place, plan, launcher, plantedSignal());
    runner.checkSettings();
    new AblationExecutor(runner, new AblationLines(context.err(), plan.runs().size()), concurrent)
        .run(plan.runs());
    AblationReport report = AblationReporter.read(conf, plan, place::metrics).report(place.date());
    publish(conf, place.directory(), report);
    context.out().print(text(report, place, format));
    report.controls().stream()
        .filter(verdict -> !verdict.asExpected())
        .forEach(verdict -> context.err().println("CONTROL FAILED. " + verdict.sentence()));
  }

  /** Said now: the variants that begin with it are among the last. */
  private static void checkWarmStart(Configuration conf, AblationPlan plan, AblationPlace place)
      throws IOException {
    String model = plan.request().warmStart();
    if (!model.isEmpty()) {
      Configuration warm = new Configuration(conf);
      warm.set(DicmKeys.TRAIN_WARM_START, model);
      WarmStart.find(DicmConfiguration.of(warm), place.workspace());
    }
  }

  private static PlantedSignalMaker plantedSignal() {
    return (conf, input, samples, target) ->
        new PlantedSignal(conf, FeatureSchema.read(conf, new InputLayout(input).features()))
            .write(samples, target);
  }

  private static void publish(Configuration conf, Path directory, AblationReport report)
      throws IOException {
    report.write(conf, directory);
    Path page = new Path(directory, AblationRendering.FILE);
    new FilePublisher(conf)
        .publish(page, new AblationRendering(report).markdown().getBytes(StandardCharsets.UTF_8));
  }

  private static String text(AblationReport report, AblationPlace place, OutputFormat format) {
    return switch (format) {
      case TEXT ->
          new AblationRendering(report).text()
              + "\n"
              + new Path(place.directory(), AblationRendering.FILE)
              + "\n";
      case JSON -> new JsonFiles(new Configuration(false)).oneLine(report) + "\n";
      case PROPERTIES -> format.write(properties(report, place));
    };
  }

  private static Map<String, String> properties(AblationReport report, AblationPlace place) {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("ablation", report.name());
    properties.put("directory", place.directory().toString());
    for (ControlVerdict verdict : report.controls()) {
      properties.put(
          "control_" + verdict.variant(), verdict.asExpected() ? "as_expected" : "failed");
    }
    return properties;
  }
}
