package io.dicm.app.cli;

import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** One sub-command. */
interface Command {
  String name();

  /** What it does, on one line. */
  String summary();

  /** What follows the name in the usage line, besides options. */
  default String arguments() {
    return "";
  }

  /** More for {@code --help}, below the options; each line ends. */
  default String details() {
    return "";
  }

  /** Its own options; Hadoop's generic ones are understood by all commands. */
  Options options();

  /**
   * Does it.
   *
   * @throws io.dicm.common.error.DicmException what a user can act on
   * @throws Exception anything unexpected
   */
  void run(CommandContext context, CommandLine line) throws Exception;
}
