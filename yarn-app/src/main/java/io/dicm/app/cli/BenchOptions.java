package io.dicm.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;

/** Options of benchmarks, and how they are read. */
final class BenchOptions {
  private static final String THREADS = "threads";
  private static final String PRECISION = "precision";

  private BenchOptions() {}

  /** Adds what several parts have. */
  static void addShared(Options options) {
    options.addOption(
        LaunchOptions.value(
            THREADS,
            "N",
            "ams, table2, extract: compute threads of each process; ams, extract: N,N in turn"));
    options.addOption(
        LaunchOptions.value(
            PRECISION,
            "P",
            "ams, table2: of codes and embeddings on the way: float32 (default) or float16"));
  }

  static Option number(String name, String what, int normal) {
    return LaunchOptions.value(name, "N", what + " (default " + normal + ")");
  }

  static int number(CommandLine line, String option, int normal) throws UsageException {
    return number(option, line.getOptionValue(option, Integer.toString(normal)));
  }

  static int number(String option, String value) throws UsageException {
    if (!value.matches("[0-9]{1,9}")) {
      throw new UsageException("--" + option + " was '" + value + "', needed a whole number");
    }
    return Integer.parseInt(value);
  }

  /** The numbers of threads to measure with, in turn. */
  static List<Integer> threads(CommandLine line, String normal) throws UsageException {
    List<Integer> threads = new ArrayList<>();
    for (String one : line.getOptionValue(THREADS, normal).split(",", -1)) {
      threads.add(number(THREADS, one));
    }
    return threads;
  }

  /** The precision of rows on the way. */
  static <E extends Enum<E>> E precision(CommandLine line, Class<E> type) throws UsageException {
    return choice(line, PRECISION, type);
  }

  static <E extends Enum<E>> E choice(CommandLine line, String option, Class<E> type)
      throws UsageException {
    String name = line.getOptionValue(option, "float32");
    for (E value : type.getEnumConstants()) {
      if (value.name().toLowerCase(Locale.ROOT).equals(name)) {
        return value;
      }
    }
    throw new UsageException("--" + option + " was '" + name + "', allowed is float32 or float16");
  }
}
