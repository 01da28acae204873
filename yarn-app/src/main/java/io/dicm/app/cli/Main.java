package io.dicm.app.cli;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.feature.device.TorchBuild;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.util.ToolRunner;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** Entry point of {@code dicm.jar}. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    ProcessExit.install(System.err);
    DicmConfiguration.registerDefaults();
    TorchBuild.chooseProcessorUnlessSaid();
    ProcessExit.exit(run(arguments, System.out, System.err));
  }

  /** Runs one command; its exit status. */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    CommandLineTool tool = new CommandLineTool(commands(), out, err);
    try {
      return ToolRunner.run(new YarnConfiguration(), tool, GenericOptions.first(arguments));
    } catch (UsageException e) {
      err.println(ErrorCode.USAGE + ": " + e.getMessage() + ".");
      return ExitCode.USAGE.status();
    } catch (DicmException e) {
      return failed(e, err);
    } catch (Exception e) {
      // The tool itself throws nothing, so this comes from reading the generic options.
      return failed(UnexpectedFailures.explainGenericOptions(e), err);
    }
  }

  private static int failed(DicmException failure, PrintStream err) {
    err.println(failure.oneLine());
    return failure.code().exitCode().status();
  }

  static List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    commands.add(new DemoCommand());
    commands.add(new ImportCommand());
    commands.add(new PipelineCommand());
    for (StageName stage : StageName.all()) {
      switch (stage) {
        case PUBLISH -> {}
        case PREDICT -> commands.add(new PredictCommand());
        case EVALUATE -> commands.add(new EvaluateCommand());
        default -> commands.add(new StageCommand(stage));
      }
    }
    commands.add(new AblationCommand());
    commands.add(new DuplicatesCommand());
    commands.add(new ModelsCommand());
    commands.add(new PlanCommand());
    commands.add(new DoctorCommand());
    commands.add(new QueryCommand());
    commands.add(new ReportCommand());
    commands.add(new FeaturesCommand());
    commands.add(new BenchCommand());
    commands.add(new ListCommand());
    commands.add(new StatusCommand());
    commands.add(new HistoryCommand());
    commands.add(new LogsCommand());
    commands.add(new KillCommand());
    commands.add(new RerunCommand());
    commands.add(new OozieCommand());
    return commands;
  }
}
