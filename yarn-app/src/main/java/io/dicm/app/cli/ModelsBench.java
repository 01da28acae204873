package io.dicm.app.cli;

import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.Machine;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.trainer.bench.NetworkBenchmark;
import io.dicm.trainer.bench.NetworkPlan;
import io.dicm.trainer.bench.NetworkRate;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Measures a worker's step of every network, without and with pictures. */
final class ModelsBench implements BenchPart {
  private static final String RATE_UNIT = "samples/s";
  private static final int BATCH_SIZE = 1024;
  private static final int WARM_UP_STEPS = 5;
  private static final int STEPS = 10;
  private static final int ROUNDS = 3;

  @Override
  public String name() {
    return "models";
  }

  @Override
  public String summary() {
    return "a worker's step of every network against a plain Embedding & MLP";
  }

  /** It shares its options with other parts. */
  @Override
  public void addOptions(Options options) {}

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    BenchOptions.refuse(line, name(), "precision", "-D options of the network");
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    try (BenchData data = new BenchData(context.conf(), line)) {
      NetworkPlan plan = plan(context, line, data);
      NetworkBenchmark benchmark = new NetworkBenchmark(context.conf(), plan);
      List<NetworkRate> rates =
          benchmark.run((done, total, note) -> bar.show("bench", (float) done / total, note));
      BenchReport.Builder report =
          new BenchReport.Builder(name())
              .setting("data", data.description())
              .setting("batch_size", plan.batchSize())
              .setting("threads", plan.threads());
      rates.forEach(rate -> report(rate, plan.batchSize(), report));
      benchmark.leftOut().forEach(why -> report.note("Left out: " + why));
      return report
          .note(
              "plain_loop: Embedding & MLP with the same pictures' codes, differentiated by"
                  + " libtorch; pictures' own networks are the servers' and in neither.")
          .build(Machine.here());
    } finally {
      bar.clear();
    }
  }

  private static NetworkPlan plan(CommandContext context, CommandLine line, BenchData data)
      throws IOException, InterruptedException, UsageException {
    return new NetworkPlan(
        data.make(),
        BenchOptions.number(line, "batch-size", BATCH_SIZE),
        BenchOptions.number(line, "warm-up", WARM_UP_STEPS),
        BenchOptions.number(line, "steps", STEPS),
        BenchOptions.rounds(line, ROUNDS),
        BenchOptions.oneOfThreads(line, "models"),
        ContainerSettings.embeddingDimension(DicmConfiguration.of(context.conf())));
  }

  private static void report(NetworkRate rate, int batchSize, BenchReport.Builder report) {
    double samples = 1e3 * batchSize / rate.stepMs();
    String images = rate.images().name().toLowerCase(Locale.ROOT);
    report
        .group(rate.network().label() + "." + images)
        .figure("step_ms", rate.stepMs(), "ms")
        .figure("samples_per_second", samples, RATE_UNIT)
        .figure("by_plain_loop", rate.byPlainLoop(), "")
        .limit("plain_loop", 1e3 * batchSize / rate.plainStepMs(), samples, RATE_UNIT);
  }
}
