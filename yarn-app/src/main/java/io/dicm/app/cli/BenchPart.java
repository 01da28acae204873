package io.dicm.app.cli;

import io.dicm.app.bench.BenchReport;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Something that {@code bench} measures. */
interface BenchPart {
  /** As the command line has it. */
  String name();

  /** What is measured, in a few words. */
  String summary();

  /** Adds the options that only this part has. */
  void addOptions(Options options);

  /** Measures; shows progress on stderr. */
  BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException;
}
