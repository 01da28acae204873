package io.dicm.app.cli;

import io.dicm.app.bench.StepBenchmark;
import io.dicm.app.bench.StepBenchmark.Way;
import io.dicm.trainer.bench.StepPlan;
import io.dicm.trainer.bench.StepRate;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Measures training, shuffled and grouped, against a plain libtorch loop in the same run. */
final class StepBench implements BenchPart {
  private static final int BATCH_SIZE = 1024;
  private static final int WARM_UP_STEPS = 200;

  /** Measured steps. */
  static final int STEPS = 100;

  private static final int ROUNDS = 3;

  @Override
  public String name() {
    return "step";
  }

  @Override
  public String summary() {
    return "training against a plain libtorch loop";
  }

  @Override
  public void addOptions(Options options) {
    options
        .addOption(
            BenchOptions.number(
                "batch-size", "step, table2, layout: impressions of a step", BATCH_SIZE))
        .addOption(BenchOptions.number("warm-up", "step: steps before", WARM_UP_STEPS))
        .addOption(
            BenchOptions.number("rounds", "step, extract: rounds; the median counts", ROUNDS))
        .addOption(
            LaunchOptions.value(
                "process-threads",
                "P,S,W",
                "step: compute threads of plain loop, server and worker (default 2,2,1)"));
  }

  @Override
  public void run(CommandContext context, CommandLine line, OutputFormat format)
      throws IOException, InterruptedException, UsageException {
    StepBenchmark.Threads threads = threads(line);
    int rounds = BenchOptions.number(line, "rounds", ROUNDS);
    if (rounds < 1) {
      throw new UsageException("--rounds was 0, needed 1 or more");
    }
    for (String other : List.of("threads", "precision")) {
      if (line.hasOption(other)) {
        throw new UsageException(
            "step takes no --"
                + other
                + ": use --process-threads, or -D dicm.train.row-precision=float16");
      }
    }
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    Map<String, String> result;
    try (BenchData data = new BenchData(context.conf(), line)) {
      StepPlan plan =
          new StepPlan(
              data.make(),
              BenchOptions.number(line, "batch-size", BATCH_SIZE),
              BenchOptions.number(line, "warm-up", WARM_UP_STEPS),
              BenchOptions.number(line, "steps", STEPS));
      result =
          report(
              plan,
              threads,
              new StepBenchmark(context.conf(), plan, threads, data.folder())
                  .run(
                      rounds,
                      (done, total, note) -> bar.show("bench", (float) done / total, note)));
    } finally {
      bar.clear();
    }
    context.out().print(format.write(result));
  }

  private static StepBenchmark.Threads threads(CommandLine line) throws UsageException {
    String[] words = line.getOptionValue("process-threads", "2,2,1").split(",", -1);
    if (words.length != 3) {
      throw new UsageException("--process-threads needs three numbers");
    }
    int[] counts = new int[words.length];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = BenchOptions.number("process-threads", words[i]);
      if (counts[i] < 1) {
        throw new UsageException("--process-threads was 0 for a process, needed 1 or more");
      }
    }
    return new StepBenchmark.Threads(counts[0], counts[1], counts[2]);
  }

  private static Map<String, String> report(
      StepPlan plan, StepBenchmark.Threads threads, Map<Way, StepRate> rates) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    result.put(
        "threads_plain_server_worker",
        threads.plain() + "," + threads.server() + "," + threads.worker());
    result.put("batch_size", Integer.toString(plan.batchSize()));
    double plain = rates.get(Way.PLAIN_LOOP).samplesPerSecond();
    rates.forEach(
        (way, rate) -> {
          String prefix = way.name().toLowerCase(Locale.ROOT) + ".";
          result.put(prefix + "samples_per_second", text(rate.samplesPerSecond()));
          result.put(prefix + "step_ms", text(rate.stepMs()));
          result.put(prefix + "picture_references", text(rate.pictureReferences()));
          result.put(prefix + "different_pictures", text(rate.differentPictures()));
          result.put(prefix + "by_plain_loop", text(rate.samplesPerSecond() / plain));
        });
    return result;
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.3f" : "%.0f", value);
  }
}
