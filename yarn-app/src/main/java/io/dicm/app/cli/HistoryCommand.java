package io.dicm.app.cli;

import io.dicm.app.client.RunArchive;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.app.master.web.RunPage;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.FilePublisher;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Shows what runs of a workspace did, from their histories. */
final class HistoryCommand implements Command {
  @Override
  public String name() {
    return "history";
  }

  @Override
  public String summary() {
    return "what runs of a workspace did: a list, or one run, also as its page";
  }

  @Override
  public String arguments() {
    return "[APPLICATION_ID | RUN]";
  }

  @Override
  public Options options() {
    return OutputFormat.addTo(
        new Options()
            .addOption(
                LaunchOptions.value(
                    "workspace",
                    "DIR",
                    "where runs were published (or " + DicmKeys.WORKSPACE_PATH + ")"))
            .addOption(
                LaunchOptions.value(
                    "date", "YYYY-MM-DD", "day of the runs (default: all; of one run: the newest)"))
            .addOption(
                LaunchOptions.value(
                    "html",
                    "FILE",
                    "write the run's page to this file, here or on any Hadoop file system")));
  }

  @Override
  public void run(CommandContext context, CommandLine line) throws IOException, UsageException {
    List<String> arguments = line.getArgList();
    if (arguments.size() > 1) {
      throw new UsageException("history takes one application id or run, was " + arguments);
    }
    if (arguments.isEmpty() && line.hasOption("html")) {
      throw new UsageException("history --html needs an application id or a run");
    }
    OutputFormat format = OutputFormat.of(line);
    String date = date(line);
    RunArchive archive = new RunArchive(context.conf(), workspace(context.conf(), line));
    if (arguments.isEmpty()) {
      context.out().print(list(archive.list(date), format));
      return;
    }
    RunSnapshot run = archive.find(arguments.get(0), date);
    if (line.hasOption("html")) {
      Path file = ReportCommand.target(context.conf(), line.getOptionValue("html"));
      new FilePublisher(context.conf())
          .publish(file, new RunPage().archived(run).getBytes(StandardCharsets.UTF_8));
      context.out().println(file);
      return;
    }
    context.out().print(one(run, format));
  }

  private static String list(List<RunSnapshot> runs, OutputFormat format) {
    return switch (format) {
      case TEXT -> HistoryText.list(runs);
      case JSON -> format.write(Map.of("runs", runs.stream().map(HistoryText::values).toList()));
      case PROPERTIES -> format.write(Map.of("runs", runs.size()));
    };
  }

  private static String one(RunSnapshot run, OutputFormat format) {
    return switch (format) {
      case TEXT -> format.write(HistoryText.values(run)) + HistoryText.stages(run);
      case JSON -> new JsonFiles(new Configuration(false)).oneLine(run) + "\n";
      case PROPERTIES -> format.write(HistoryText.values(run));
    };
  }

  private static Workspace workspace(Configuration conf, CommandLine line)
      throws IOException, UsageException {
    String place = line.getOptionValue("workspace", conf.getTrimmed(DicmKeys.WORKSPACE_PATH, ""));
    if (place.isEmpty()) {
      throw new UsageException(
          "history needs --workspace (or -D " + DicmKeys.WORKSPACE_PATH + "=...)");
    }
    return new Workspace(Qualified.path(conf, PathArgument.parse(place)));
  }

  private static String date(CommandLine line) throws UsageException {
    String date = line.getOptionValue("date", "");
    try {
      if (!date.isEmpty()) {
        LocalDate.parse(date);
      }
      return date;
    } catch (DateTimeParseException e) {
      throw new UsageException("--date was '" + date + "', needed a day as YYYY-MM-DD");
    }
  }
}
