package io.dicm.app.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.apache.commons.cli.HelpFormatter;

/** The help texts. */
final class CommandUsage {
  private static final int COLUMNS = 110;
  private static final int INDENT = 2;

  private CommandUsage() {}

  /** Of all commands. */
  static String ofAll(List<Command> commands) {
    StringBuilder text =
        new StringBuilder("usage: dicm COMMAND [generic Hadoop options] [options]\n");
    commands.forEach(
        command -> text.append("  %-10s %s%n".formatted(command.name(), command.summary())));
    return text.append(
            "dicm COMMAND --help says more. Generic options: -D key=value, -conf FILE, ...\n")
        .toString();
  }

  /** Of one command. */
  static String of(Command command) {
    StringWriter text = new StringWriter();
    PrintWriter writer = new PrintWriter(text);
    String syntax = ("dicm " + command.name() + " [options] " + command.arguments()).strip();
    writer.println("usage: " + syntax);
    writer.println(command.name() + ": " + command.summary());
    new HelpFormatter().printOptions(writer, COLUMNS, command.options(), INDENT, INDENT);
    writer.println();
    writer.print(command.details());
    writer.flush();
    return text.toString();
  }
}
