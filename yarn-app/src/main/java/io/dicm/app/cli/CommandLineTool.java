package io.dicm.app.cli;

import io.dicm.app.client.KerberosLogin;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.ExitCode;
import io.dicm.common.error.Suggestions;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.apache.hadoop.conf.Configured;
import org.apache.hadoop.util.Tool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds and runs the command that was asked for, and turns every failure into one line on stderr
 * and a documented exit code.
 */
final class CommandLineTool extends Configured implements Tool {
  private static final Logger LOG = LoggerFactory.getLogger(CommandLineTool.class);
  private static final String HELP = "help";

  private final List<Command> commands;
  private final PrintStream out;
  private final PrintStream err;

  CommandLineTool(List<Command> commands, PrintStream out, PrintStream err) {
    this.commands = List.copyOf(commands);
    this.out = out;
    this.err = err;
  }

  @Override
  public int run(String[] arguments) {
    return runCommand(arguments).status();
  }

  private ExitCode runCommand(String[] arguments) {
    if (arguments.length == 0) {
      return usage("a command is needed", CommandUsage.ofAll(commands));
    }
    if (List.of("--help", "-h", HELP).contains(arguments[0])) {
      out.print(CommandUsage.ofAll(commands));
      return ExitCode.OK;
    }
    Optional<Command> command =
        commands.stream().filter(candidate -> candidate.name().equals(arguments[0])).findFirst();
    if (command.isEmpty()) {
      List<String> names = commands.stream().map(Command::name).toList();
      return usage(
          "there is no command '"
              + arguments[0]
              + "'"
              + new Suggestions(names).question(arguments[0]),
          CommandUsage.ofAll(commands));
    }
    return run(command.get(), Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private ExitCode run(Command command, String[] arguments) {
    if (Arrays.asList(arguments).contains("--" + HELP)) {
      out.print(CommandUsage.of(command));
      return ExitCode.OK;
    }
    try {
      Options options = command.options();
      CommandLine line = new DefaultParser(false).parse(options, arguments);
      new KnownKeys().check(getConf());
      new KerberosLogin(getConf()).perform();
      command.run(new CommandContext(getConf(), out, err), line);
      out.flush();
      return ExitCode.OK;
    } catch (UnrecognizedOptionException e) {
      return usage(
          e.getMessage() + new Suggestions(options(command)).question(e.getOption()),
          CommandUsage.of(command));
    } catch (ParseException | UsageException e) {
      return usage(e.getMessage(), CommandUsage.of(command));
    } catch (DicmException e) {
      LOG.debug("The command failed", e);
      err.println(e.oneLine());
      return e.code().exitCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      err.println(ErrorCode.INTERRUPTED + ": The command was interrupted.");
      return ExitCode.INTERRUPTED;
    } catch (Exception e) {
      return unexpected(e);
    }
  }

  private static List<String> options(Command command) {
    return command.options().getOptions().stream()
        .map(option -> "--" + option.getLongOpt())
        .toList();
  }

  private ExitCode usage(String why, String help) {
    err.println(ErrorCode.USAGE + ": " + why + (why.endsWith("?") ? "" : "."));
    err.print(help);
    return ExitCode.USAGE;
  }

  private ExitCode unexpected(Exception failure) {
    DicmException known = UnexpectedFailures.explain(failure);
    LOG.debug("The command failed", failure);
    err.println(known.oneLine());
    return known.code().exitCode();
  }
}
