package io.dicm.app.cli;

import io.dicm.app.client.QuickAnswers;
import io.dicm.app.doctor.Doctor;
import io.dicm.app.doctor.DoctorChecks;
import io.dicm.app.doctor.Finding;
import io.dicm.app.doctor.Level;
import io.dicm.app.pipeline.PipelineFile;
import io.dicm.app.pipeline.PipelineSettings;
import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.layout.Workspace;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.client.api.YarnClient;

/** Looks whether all that a run needs is there: one line for each thing. */
final class DoctorCommand implements Command {
  private static final String NODES = "nodes";
  private static final String WAIT = "node-wait-seconds";
  private static final String USUAL_WAIT = "30";

  private final DeviceOption device = new DeviceOption(StageName.all());

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public String summary() {
    return "whether cluster, queue, file systems and Hive are fit for a run";
  }

  @Override
  public String arguments() {
    return "[FILE]";
  }

  @Override
  public String details() {
    return "FILE: the pipeline file of the run. Each line: ok, warning or FAILED, what, what was"
        + " found, what to do.\nThe exit code is that of the first FAILED line; nothing is changed"
        + " on the cluster.\n";
  }

  @Override
  public Options options() {
    return OutputFormat.addTo(
        new Options()
            .addOption(
                LaunchOptions.value(
                    "input", "DIR", "input directory (or " + DicmKeys.INPUT_PATH + ")"))
            .addOption(
                LaunchOptions.value(
                    "workspace",
                    "DIR",
                    "where outputs are published (or " + DicmKeys.WORKSPACE_PATH + ")"))
            .addOption(device.option())
            .addOption(
                LaunchOptions.flag(
                    NODES, "ask every node too: a short application, one small container on each"))
            .addOption(
                LaunchOptions.value(
                    WAIT, "S", "longest wait for these containers (default " + USUAL_WAIT + ")")));
  }

  @Override
  public void run(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    OutputFormat format = OutputFormat.of(line);
    Configuration conf = QuickAnswers.of(context.conf());
    Subject subject = subject(conf, line);
    device.apply(line, conf);
    YarnClient yarn = YarnClient.createYarnClient();
    yarn.init(conf);
    yarn.start();
    try {
      List<Finding> findings =
          new Doctor(
                  DoctorChecks.of(
                      yarn,
                      conf,
                      subject.settings,
                      subject.input,
                      subject.workspace,
                      nodeWait(line)))
              .examine();
      context.out().print(FindingText.write(findings, format));
      requireNoFailure(findings);
    } finally {
      yarn.stop();
    }
  }

  private static void requireNoFailure(List<Finding> findings) {
    List<Finding> failed =
        findings.stream().filter(finding -> finding.level() == Level.FAILED).toList();
    if (!failed.isEmpty()) {
      Finding first = failed.get(0);
      throw new DicmException(
          first.code(),
          "%d of %d things are not fit for a run, first of them: %s: %s."
              .formatted(
                  failed.size(),
                  findings.size(),
                  first.what(),
                  first.value().replaceFirst("\\.$", "")));
    }
  }

  private static Optional<Duration> nodeWait(CommandLine line) throws UsageException {
    String seconds = line.getOptionValue(WAIT, USUAL_WAIT);
    if (!seconds.matches("[1-9][0-9]{0,3}")) {
      throw new UsageException("--" + WAIT + " was '" + seconds + "', needed 1 to 9999");
    }
    return line.hasOption(NODES)
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
        : Optional.empty();
  }

  /** What is to be fit for what. */
  private record Subject(
      PipelineSettings settings, Optional<Path> input, Optional<Path> workspace) {}

  private static Subject subject(Configuration conf, CommandLine line)
      throws IOException, UsageException {
    if (line.getArgs().length > 1) {
      throw new UsageException("doctor takes one pipeline file at most");
    }
    if (line.getArgs().length == 1) {
      PipelineFile pipeline =
          PipelineFile.read(conf, PathArgument.localFirst(conf, line.getArgs()[0]));
      RunProperties.apply(conf, pipeline.properties(), "pipeline file");
      new KnownKeys().check(conf);
      PipelineSettings settings = pipeline.settings();
      return new Subject(
          settings, Optional.of(settings.input()), Optional.of(settings.workspace().root()));
    }
    Optional<Path> input = path(conf, line, "input", DicmKeys.INPUT_PATH);
    Optional<Path> workspace = path(conf, line, "workspace", DicmKeys.WORKSPACE_PATH);
    return new Subject(
        new PipelineSettings(
            "doctor",
            // The settings need both; what is not named is not looked at.
            input.orElse(new Path("/")),
            new Workspace(workspace.orElse(new Path("/"))),
            LocalDate.now(ZoneOffset.UTC).toString(),
            "doctor",
            StageName.all()),
        input,
        workspace);
  }

  private static Optional<Path> path(
      Configuration conf, CommandLine line, String option, String key) throws UsageException {
    String text = line.getOptionValue(option, conf.getTrimmed(key, ""));
    return text.isEmpty() ? Optional.empty() : Optional.of(PathArgument.parse(text));
  }
}
