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
  private static final int MOST_THREADS = 1024;

  private BenchOptions() {}

  /** Adds what several parts have. */
  static void addShared(Options options) {
    options.addOption(
        LaunchOptions.value(
            THREADS,
            "N",
            "ams, table2, extract, scale, models, gpu: compute threads of each process; ams,"
                + " extract: N,N in turn"));
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

  /** Numbers with commas between them. */
  static List<Integer> numbers(CommandLine line, String option, String normal)
      throws UsageException {
    List<Integer> numbers = new ArrayList<>();
    for (String one : line.getOptionValue(option, normal).split(",", -1)) {
      numbers.add(number(option, one));
    }
    return numbers;
  }

  /** The numbers of threads to measure with, in turn. */
  static List<Integer> threads(CommandLine line, String normal) throws UsageException {
    return numbers(line, THREADS, normal);
  }

  /**
   * The threads of a part that measures with one number of them, by default 1.
   *
   * @param part in a message
   */
  static int oneOfThreads(CommandLine line, String part) throws UsageException {
    return oneOfThreads(line, part, 1);
  }

  /** The same with another default. */
  static int oneOfThreads(CommandLine line, String part, int normal) throws UsageException {
    List<Integer> threads = threads(line, Integer.toString(normal));
    if (threads.size() > 1) {
      throw new UsageException(part + " takes one number of --threads");
    }
    if (threads.get(0) < 1 || threads.get(0) > MOST_THREADS) {
      throw new UsageException(
          "--threads was " + threads.get(0) + ", allowed 1 to " + MOST_THREADS);
    }
    return threads.get(0);
  }

  static int rounds(CommandLine line, int normal) throws UsageException {
    int rounds = number(line, "rounds", normal);
    if (rounds < 1) {
      throw new UsageException("--rounds was 0, needed 1 or more");
    }
    return rounds;
  }

  /**
   * Refuses an option of other parts.
   *
   * @param instead what there is for it
   */
  static void refuse(CommandLine line, String part, String option, String instead)
      throws UsageException {
    if (line.hasOption(option)) {
      throw new UsageException(part + " takes no --" + option + ": use " + instead);
    }
  }

  /** The precision of rows on the way. */
  static <E extends Enum<E>> E precision(CommandLine line, Class<E> type) throws UsageException {
    return choice(line, PRECISION, type);
  }

  /** A value as options name it. */
  static String label(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  static <E extends Enum<E>> E choice(CommandLine line, String option, Class<E> type)
      throws UsageException {
    String name = line.getOptionValue(option, "float32");
    for (E value : type.getEnumConstants()) {
      if (label(value).equals(name)) {
        return value;
      }
    }
    throw new UsageException("--" + option + " was '" + name + "', allowed is float32 or float16");
  }
}
