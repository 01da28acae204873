package io.dicm.app.cli;

import io.dicm.app.pipeline.StageName;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.util.ToolRunner;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** Entry point of {@code dicm.jar}. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) throws Exception {
    DicmConfiguration.registerDefaults();
    CommandLineTool tool = new CommandLineTool(commands(), System.out, System.err);
    int status;
    try {
      status = ToolRunner.run(new YarnConfiguration(), tool, GenericOptions.first(arguments));
    } catch (UsageException | IllegalArgumentException e) {
      System.err.println(ErrorCode.USAGE + ": " + e.getMessage() + ".");
      status = ExitCode.USAGE.status();
    }
    System.exit(status);
  }

  static List<Command> commands() {
    List<Command> commands = new ArrayList<>();
    commands.add(new DemoCommand());
    commands.add(new ImportCommand());
    commands.add(new PipelineCommand());
    for (StageName stage : StageName.all()) {
      if (stage != StageName.PUBLISH) {
        commands.add(new StageCommand(stage));
      }
    }
    commands.add(new QueryCommand());
    commands.add(new BenchCommand());
    commands.add(new StatusCommand());
    commands.add(new LogsCommand());
    commands.add(new KillCommand());
    return commands;
  }
}
