package io.dicm.app.cli;

import io.dicm.common.json.JsonFiles;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;

/** How a command's result is written to stdout. */
enum OutputFormat {
  /** {@code key = value}, for people. */
  TEXT,
  /** One object. */
  JSON,
  /** {@code key=value}, as Oozie captures it. */
  PROPERTIES;

  private static final String OPTION = "output";

  /** Adds {@code --output}. */
  static Options addTo(Options options) {
    return options.addOption(
        Option.builder()
            .longOpt(OPTION)
            .hasArg()
            .argName("FORMAT")
            .desc("of the result on stdout: text (default), json or properties")
            .build());
  }

  static OutputFormat of(CommandLine line) throws UsageException {
    String name = line.getOptionValue(OPTION, "text");
    for (OutputFormat format : values()) {
      if (format.name().toLowerCase(Locale.ROOT).equals(name)) {
        return format;
      }
    }
    throw new UsageException("--output was '" + name + "', allowed is text, json or properties");
  }

  /** The result, each line ended by a line feed. */
  String write(Map<String, ?> result) {
    return switch (this) {
      case TEXT -> lines(result, " = ");
      case PROPERTIES -> lines(result, "=");
      case JSON -> new JsonFiles(new Configuration(false)).oneLine(result) + "\n";
    };
  }

  private static String lines(Map<String, ?> result, String separator) {
    return result.entrySet().stream()
        .map(entry -> entry.getKey() + separator + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }
}
