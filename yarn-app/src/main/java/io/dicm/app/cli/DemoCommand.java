package io.dicm.app.cli;

import io.dicm.app.client.SubmittedApplication;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import io.dicm.hive.HiveQueries;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.hive.NamedQuery;
import io.dicm.hive.TablePrinter;
import io.dicm.trainer.importer.CatalogueParameters;
import io.dicm.trainer.importer.GeneratedCatalogue;
import io.dicm.trainer.importer.ImportSummary;
import io.dicm.trainer.importer.ImportTarget;
import io.dicm.trainer.report.ReportWriter;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** A generated catalogue, the whole pipeline on it, and what Hive then says. */
final class DemoCommand implements Command {
  private static final String RUN = "demo";
  private static final String CHECK = "check";
  private static final String REPORT = "report";
  private static final List<NamedQuery> QUERIES =
      List.of(NamedQuery.CATEGORIES, NamedQuery.VECTOR, NamedQuery.METRICS);

  /** The default batch is for millions of impressions; so few need smaller steps, and more. */
  private static final Map<String, String> PROPERTIES =
      Map.of(DicmKeys.TRAIN_BATCH_SIZE, "64", DicmKeys.TRAIN_EPOCHS, "2");

  @Override
  public String name() {
    return "demo";
  }

  @Override
  public String summary() {
    return "generated catalogue, whole pipeline, Hive queries";
  }

  @Override
  public Options options() {
    // The launcher asks before it starts a sandbox.
    return new Options()
        .addOption(LaunchOptions.flag(CHECK, "only check the arguments and the configuration"))
        .addOption(
            LaunchOptions.value(
                REPORT,
                "FILE",
                "where to put report.html, here or on any Hadoop file system (default: in the"
                    + " workspace)"));
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, YarnException, InterruptedException, UsageException {
    if (!line.getArgList().isEmpty()) {
      throw new UsageException("demo takes no argument, was '" + line.getArgs()[0] + "'");
    }
    if (line.hasOption(CHECK)) {
      return;
    }
    RunProperties.apply(context.conf(), PROPERTIES, "demo");
    PipelineSettings settings = settings(context.conf());
    ImportSummary catalogue = makeCatalogue(context, settings);
    context
        .err()
        .printf(
            "Generated %d pictures, %d users, %d impressions, %d clicks%n",
            catalogue.images(), catalogue.users(), catalogue.impressions(), catalogue.clicks());
    try (Applications applications = new Applications(context)) {
      SubmittedApplication application = applications.submit(settings);
      RunSnapshot run = applications.follow(application, true);
      DemoReport report = new DemoReport(context.out());
      report.run(run);
      report.metrics(RunResult.metrics(context.conf(), settings));
      ask(context, settings, report);
      report.section("The run on one page", writePage(context, line, settings) + "\n");
      report.next(settings);
    }
  }

  private static PipelineSettings settings(Configuration conf) throws IOException {
    FileSystem fs = FileSystem.get(conf);
    Path home = fs.makeQualified(new Path(fs.getHomeDirectory(), "dicm-demo"));
    return new PipelineSettings(
        "dicm demo",
        new Path(home, "input"),
        new Workspace(new Path(home, "workspace")),
        LocalDate.now(ZoneOffset.UTC).toString(),
        RUN,
        StageName.all());
  }

  private static ImportSummary makeCatalogue(CommandContext context, PipelineSettings settings)
      throws IOException, InterruptedException {
    GeneratedCatalogue catalogue = new GeneratedCatalogue(context.conf(), CatalogueParameters.DEMO);
    return ImportProgress.show(
        context.err(),
        progress -> catalogue.run(new ImportTarget(settings.input(), true), progress));
  }

  private static Path writePage(CommandContext context, CommandLine line, PipelineSettings settings)
      throws IOException, UsageException {
    Configuration conf = new Configuration(context.conf());
    conf.set(DicmKeys.INPUT_PATH, settings.input().toString());
    return ReportCommand.write(
        context,
        conf,
        settings.workspace(),
        new ReportWriter.Request(settings.run(), settings.date(), ""),
        line.hasOption(REPORT) ? ReportCommand.target(conf, line.getOptionValue(REPORT)) : null);
  }

  private static void ask(CommandContext context, PipelineSettings settings, DemoReport report) {
    DicmConfiguration conf = DicmConfiguration.of(context.conf());
    if (conf.text(DicmKeys.HIVE_JDBC_URL).isEmpty()) {
      return;
    }
    HiveQueries hive =
        new HiveQueries(JdbcHiveSessions.of(conf), conf.required(DicmKeys.HIVE_DATABASE));
    TablePrinter printer = new TablePrinter();
    for (NamedQuery query : QUERIES) {
      report.section(
          query.title() + " (HiveQL)",
          printer.print(hive.run(query, settings.date(), settings.run())));
    }
  }
}
