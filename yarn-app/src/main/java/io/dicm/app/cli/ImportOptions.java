package io.dicm.app.cli;

import java.io.IOException;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Options that several kinds of import have. */
final class ImportOptions {
  static final String TO = "to";
  static final String OVERWRITE = "overwrite";
  private static final String FROM = "from";

  private ImportOptions() {}

  static Options shared() {
    return new Options()
        .addOption(LaunchOptions.value(TO, "DIR", "the input directory to make"))
        .addOption(LaunchOptions.flag(OVERWRITE, "replace the directory if it is there"))
        .addOption(
            LaunchOptions.value(FROM, "DIR", "movielens, alibaba, csv: the data's directory"));
  }

  /** The data's directory; downloads usually lie on this machine. */
  static Path from(Configuration conf, CommandLine line) throws IOException, UsageException {
    return PathArgument.localFirst(conf, required(line, FROM));
  }

  /** A file or directory that an option names. */
  static Path path(Configuration conf, CommandLine line, String option)
      throws IOException, UsageException {
    return PathArgument.localFirst(conf, required(line, option));
  }

  /** The same for an option that may be left out. */
  static Optional<Path> optionalPath(Configuration conf, CommandLine line, String option)
      throws IOException, UsageException {
    return line.hasOption(option) ? Optional.of(path(conf, line, option)) : Optional.empty();
  }

  static String required(CommandLine line, String option) throws UsageException {
    String value = line.getOptionValue(option, "");
    if (value.isEmpty()) {
      throw new UsageException("import needs --" + option);
    }
    return value;
  }
}
