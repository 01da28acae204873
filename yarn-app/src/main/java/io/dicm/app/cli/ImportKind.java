package io.dicm.app.cli;

import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.importer.ImportSummary;
import io.dicm.trainer.importer.ImportTarget;
import java.io.IOException;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;

/** Something that {@code import} makes an input directory of. */
interface ImportKind {
  /** As the command line has it. */
  String name();

  /** What it is made of, in a few words. */
  String summary();

  /** The files that it reads, with a sample of each, for {@code --help}. */
  String format();

  /** Adds the options that only this kind has. */
  void addOptions(Options options);

  /**
   * Reads the command line.
   *
   * @return what will import
   */
  Work prepare(Configuration conf, CommandLine line) throws IOException, UsageException;

  /** An import that is ready to run. */
  @FunctionalInterface
  interface Work {
    ImportSummary run(ImportTarget target, ProgressListener progress)
        throws IOException, InterruptedException;
  }
}
