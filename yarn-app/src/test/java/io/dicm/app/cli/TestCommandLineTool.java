package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TestCommandLineTool {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Configuration conf = new Configuration(false);

  /** Fails as it is told to. */
  private record FailingCommand(Exception failure) implements Command {
    @Override
    public String name() {
      return "work";
    }

    @Override
    public String summary() {
      return "works";
    }

    @Override
    public Options options() {
      return new Options().addOption(LaunchOptions.value("size", "N", "how much"));
    }

    @Override
    public void run(CommandContext context, CommandLine line) throws Exception {
      if (failure != null) {
        throw failure;
      }
      context.out().print("size=" + line.getOptionValue("size"));
    }
  }

  @Test
  void runsTheCommandWithItsOptions() {
    assertThat(run(null, "work", "--size", "3")).isEqualTo(ExitCode.OK.status());
    assertThat(out).hasToString("size=3");
    assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void helpIsDataAndMistakesAreNot() {
    assertThat(run(null, "work", "--help")).isZero();
    assertThat(text(out)).contains("usage: dicm work [options]").contains("--size <N>");

    assertThat(run(null, "--help")).isZero();
    assertThat(text(out)).contains("work").contains("works");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void unknownOptionIsUsageWithoutTrace() {
    assertThat(run(null, "work", "--colour", "red")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(out)).isEmpty();
    assertThat(text(err))
        .startsWith("USAGE: Unrecognized option: --colour.\nusage: dicm work")
        .doesNotContain("\tat ");
  }

  @Test
  void misspeltWordsAreGuessed() {
    assertThat(run(null, "work", "--sise", "3")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err))
        .startsWith("USAGE: Unrecognized option: --sise; was --size meant?\nusage: dicm work");
    run(null, "wrk");
    assertThat(text(err)).startsWith("USAGE: there is no command 'wrk'; was work meant?\n");
  }

  @Test
  void optionsAreNotAbbreviated() {
    assertThat(run(null, "work", "--siz", "3")).isEqualTo(ExitCode.USAGE.status());
  }

  @Test
  void unknownAndMissingCommandsAreUsage() {
    assertThat(run(null, "build")).isEqualTo(ExitCode.USAGE.status());
    assertThat(text(err)).startsWith("USAGE: there is no command 'build'.");
    assertThat(run(null)).isEqualTo(ExitCode.USAGE.status());
  }

  @Test
  void errorsOfUsersAreOneLineAndTheirExitCode() {
    DicmException failure =
        new DicmException(ErrorCode.INPUT_MISSING, "Cannot run: /in is not there.\nReally.");

    assertThat(run(failure, "work")).isEqualTo(ExitCode.BAD_DATA.status());
    assertThat(text(err)).isEqualTo("INPUT_MISSING: Cannot run: /in is not there. Really.\n");
  }

  @Test
  void unreachableClusterIsAnEnvironmentError() {
    IOException failure = new IOException("call failed", new ConnectException("refused"));

    assertThat(run(failure, "work")).isEqualTo(ExitCode.ENVIRONMENT.status());
    assertThat(text(err)).isEqualTo("SERVICE_UNAVAILABLE: Cannot reach the cluster: call failed\n");
  }

  @Test
  void defectsAreInternalErrors() {
    assertThat(run(new IllegalStateException("bug"), "work"))
        .isEqualTo(ExitCode.INTERNAL_ERROR.status());
    assertThat(text(err))
        .startsWith("INTERNAL: Unexpected: java.lang.IllegalStateException: bug")
        .contains("HADOOP_ROOT_LOGGER=DEBUG,console");
  }

  @Test
  void misspeltKeyIsAConfigurationError() {
    conf.set("dicm.train.epoch", "3");

    assertThat(run(null, "work")).isEqualTo(ExitCode.CONFIGURATION.status());
    assertThat(text(err))
        .isEqualTo(
            "CONFIGURATION_INVALID: Cannot use key dicm.train.epoch: there is none of this name."
                + " Was dicm.train.epochs meant?\n");
  }

  @Test
  void everyCommandExplainsItself() {
    for (Command command : Main.commands()) {
      assertThat(CommandUsage.of(command))
          .startsWith("usage: dicm " + command.name())
          .contains(command.summary());
    }
  }

  private int run(Exception failure, String... arguments) {
    out.reset();
    err.reset();
    CommandLineTool tool =
        new CommandLineTool(
            List.of(new FailingCommand(failure)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    tool.setConf(conf);
    return tool.run(arguments);
  }

  private static String text(ByteArrayOutputStream stream) {
    return stream.toString(StandardCharsets.UTF_8);
  }
}
