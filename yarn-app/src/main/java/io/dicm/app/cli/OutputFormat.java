package io.dicm.app.cli;

import io.dicm.common.json.JsonFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
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

  /**
   * Several results of the same fields, each line ended by a line feed: a table with a heading, one
   * object with a list, or properties with the rows' numbers from 0 in front.
   *
   * @param name of the list
   * @param fields of each row, in order
   */
  String write(String name, List<String> fields, List<Map<String, String>> rows) {
    return switch (this) {
      case TEXT -> table(fields, rows);
      case PROPERTIES -> {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put(name, Integer.toString(rows.size()));
        for (int i = 0; i < rows.size(); i++) {
          for (String field : fields) {
            properties.put(i + "." + field, rows.get(i).get(field));
          }
        }
        yield write(properties);
      }
      case JSON -> write(Map.of(name, rows));
    };
  }

  private static String table(List<String> fields, List<Map<String, String>> rows) {
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (String field : fields) {
      int longest = rows.stream().mapToInt(row -> row.get(field).length()).max().orElse(0);
      widths.put(field, Math.max(field.length(), longest));
    }
    StringBuilder table = new StringBuilder();
    table.append(line(fields, widths, Function.identity()));
    rows.forEach(row -> table.append(line(fields, widths, row::get)));
    return table.toString();
  }

  private static String line(
      List<String> fields, Map<String, Integer> widths, Function<String, String> value) {
    return fields.stream()
            .map(field -> ("%-" + widths.get(field) + "s").formatted(value.apply(field)))
            .collect(Collectors.joining("  "))
            .stripTrailing()
        + "\n";
  }

  private static String lines(Map<String, ?> result, String separator) {
    return result.entrySet().stream()
        .map(entry -> entry.getKey() + separator + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }
}
