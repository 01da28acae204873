package io.dicm.app.cli;

import io.dicm.ams.bench.StepWork;
import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.Machine;
import io.dicm.app.bench.MachineLimits;
import io.dicm.app.bench.StepBenchmark;
import io.dicm.app.bench.StepBenchmark.Way;
import io.dicm.trainer.bench.StepPlan;
import io.dicm.trainer.bench.StepRate;
import java.io.IOException;
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
  private static final String RATE_UNIT = "samples/s";

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
            LaunchOptions.value(
                "batch-size",
                "N",
                "step, table2, layout, scale, models, gpu: impressions of a worker's step (default "
                    + BATCH_SIZE
                    + ", gpu 60000, on the processor 2000)"))
        .addOption(
            LaunchOptions.value(
                "warm-up",
                "N",
                "steps before (default: step 200, scale 50, models 5, gpu 5, on the processor 1)"))
        .addOption(
            LaunchOptions.value(
                "rounds",
                "N",
                "rounds, of which the median counts (default: step, extract, models 3; scale 1)"))
        .addOption(
            LaunchOptions.value(
                "process-threads",
                "P,S,W",
                "step: compute threads of plain loop, server and worker (default 2,2,1)"));
  }

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    StepBenchmark.Threads threads = threads(line);
    int rounds = BenchOptions.rounds(line, ROUNDS);
    BenchOptions.refuse(line, name(), "threads", "--process-threads");
    BenchOptions.refuse(line, name(), "precision", "-D dicm.train.row-precision=float16");
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    try (BenchData data = new BenchData(context.conf(), line)) {
      StepPlan plan =
          new StepPlan(
              data.make(),
              BenchOptions.number(line, "batch-size", BATCH_SIZE),
              BenchOptions.number(line, "warm-up", WARM_UP_STEPS),
              BenchOptions.number(line, "steps", STEPS));
      return report(
          plan,
          plan.data().vectorLength(context.conf()),
          threads,
          new StepBenchmark(context.conf(), plan, threads, data.folder())
              .run(rounds, (done, total, note) -> bar.show("bench", (float) done / total, note)));
    } finally {
      bar.clear();
    }
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

  private BenchReport report(
      StepPlan plan, int dimension, StepBenchmark.Threads threads, Map<Way, StepRate> rates) {
    BenchReport.Builder report =
        new BenchReport.Builder(name())
            .setting(
                "threads_plain_server_worker",
                threads.plain() + "," + threads.server() + "," + threads.worker())
            .setting("batch_size", plan.batchSize());
    double plain = rates.get(Way.PLAIN_LOOP).samplesPerSecond();
    MachineLimits limits = new MachineLimits();
    double plainMatrixRate = limits.matrixRate(threads.plain());
    double serverMatrixRate =
        threads.plain() == threads.server() ? plainMatrixRate : limits.matrixRate(threads.server());
    rates.forEach(
        (way, rate) -> {
          report
              .group(way.name().toLowerCase(Locale.ROOT))
              .figure("samples_per_second", rate.samplesPerSecond(), RATE_UNIT)
              .figure("step_ms", rate.stepMs(), "ms")
              .figure("picture_references", rate.pictureReferences(), "")
              .figure("different_pictures", rate.differentPictures(), "")
              .figure("by_plain_loop", rate.samplesPerSecond() / plain, "");
          if (way != Way.PLAIN_LOOP) {
            report.limit("plain_loop", plain, rate.samplesPerSecond(), RATE_UNIT);
          }
          report.limit(
              "matrix_rate",
              way == Way.PLAIN_LOOP ? plainMatrixRate : serverMatrixRate,
              pictureGigaflops(rate, plan.batchSize(), dimension),
              MachineLimits.MATRIX_UNIT);
        });
    return report
        .note(
            "matrix_rate: the pictures' networks alone, forward and backward; attention and"
                + " perceptron come to it.")
        .build(Machine.here());
  }

  private static double pictureGigaflops(StepRate rate, int batchSize, int dimension) {
    double stepsPerSecond = rate.samplesPerSecond() / batchSize;
    return new StepWork(rate.differentPictures(), dimension).operations() * stepsPerSecond / 1e9;
  }
}
