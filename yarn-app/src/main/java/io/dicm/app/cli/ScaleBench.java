package io.dicm.app.cli;

import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.Machine;
import io.dicm.app.bench.ScaleBenchmark;
import io.dicm.app.bench.ScaleBenchmark.Rate;
import io.dicm.app.bench.ScaleBenchmark.Size;
import io.dicm.trainer.bench.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Measures training with several servers and workers against one of each in the same run. */
final class ScaleBench implements BenchPart {
  private static final String NUMBERS = "1,2,4";
  private static final String ALL = "all-sizes";
  private static final String RATE_UNIT = "samples/s";
  private static final int MOST_PROCESSES = 64;
  private static final int BATCH_SIZE = 1024;
  private static final int WARM_UP_STEPS = 50;
  private static final int STEPS = 60;
  private static final int ROUNDS = 1;

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public String summary() {
    return "training with several servers and workers against one of each";
  }

  @Override
  public void addOptions(Options options) {
    options.addOption(
        LaunchOptions.flag(
            ALL,
            "scale: every number of servers with every number of workers (default: the first with"
                + " the first and so on)"));
  }

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    List<Size> sizes = sizes(line);
    int threads = BenchOptions.oneOfThreads(line, name());
    int rounds = BenchOptions.rounds(line, ROUNDS);
    BenchOptions.refuse(line, name(), "precision", "-D dicm.train.row-precision=float16");
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    try (BenchData data = new BenchData(context.conf(), line)) {
      StepPlan plan =
          new StepPlan(
              data.make(),
              BenchOptions.number(line, "batch-size", BATCH_SIZE),
              BenchOptions.number(line, "warm-up", WARM_UP_STEPS),
              BenchOptions.number(line, "steps", STEPS));
      Map<Size, Rate> rates =
          new ScaleBenchmark(context.conf(), plan, threads, data.folder())
              .run(
                  sizes,
                  rounds,
                  (done, total, note) -> bar.show("bench", (float) done / total, note));
      BenchReport.Builder report =
          new BenchReport.Builder(name())
              .setting("data", data.description())
              .setting("batch_size_of_each_worker", plan.batchSize())
              .setting("threads_of_each_process", threads);
      report(rates, report);
      return report.build(Machine.here());
    } finally {
      bar.clear();
    }
  }

  /** One of each first: all others are held against that. */
  private static List<Size> sizes(CommandLine line) throws UsageException {
    List<Integer> servers = BenchOptions.numbers(line, "servers", NUMBERS);
    List<Integer> workers = BenchOptions.numbers(line, "workers", NUMBERS);
    if (!line.hasOption(ALL) && servers.size() != workers.size()) {
      throw new UsageException(
          "--servers had "
              + servers.size()
              + " numbers and --workers "
              + workers.size()
              + ": they go in pairs; give as many of both, or --"
              + ALL);
    }
    List<Size> sizes = new ArrayList<>(List.of(Size.LEAST));
    for (int i = 0; i < servers.size(); i++) {
      for (int j = 0; j < workers.size(); j++) {
        Size size = new Size(checked(servers.get(i)), checked(workers.get(j)));
        if ((i == j || line.hasOption(ALL)) && !sizes.contains(size)) {
          sizes.add(size);
        }
      }
    }
    return sizes;
  }

  private static int checked(int count) throws UsageException {
    if (count < 1 || count > MOST_PROCESSES) {
      throw new UsageException(
          "servers and workers were " + count + " once, allowed 1 to " + MOST_PROCESSES);
    }
    return count;
  }

  private static void report(Map<Size, Rate> rates, BenchReport.Builder report) {
    double one = rates.get(Size.LEAST).samplesPerSecond();
    int processors = Runtime.getRuntime().availableProcessors();
    rates.forEach(
        (size, rate) -> {
          double perfect = one * size.workers();
          report
              .group(size.label())
              .figure("samples_per_second", rate.samplesPerSecond(), RATE_UNIT)
              .figure("step_ms", rate.stepMs(), "ms")
              .figure("speed_up", rate.samplesPerSecond() / one, "")
              .figure("efficiency", rate.samplesPerSecond() / perfect, "")
              .figure("processors_used", rate.processors(), "")
              .limit("perfect_scaling", perfect, rate.samplesPerSecond(), RATE_UNIT);
        });
    rates.keySet().stream()
        .filter(size -> size.processes() > processors)
        .forEach(size -> report.note(overhead(size, processors)));
    report.note("Columns are servers x workers; perfect scaling is 1x1 times the workers.");
  }

  private static String overhead(Size size, int processors) {
    return "%s: %d processors for %d processes: figures show overhead, not scaling."
        .formatted(size.label(), processors, size.processes());
  }
}
