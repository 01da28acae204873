package io.dicm.app.cli;

import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.app.bench.BenchReport;
import io.dicm.app.bench.Machine;
import io.dicm.app.bench.MachineLimits;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.trainer.bench.StrategyBenchmark;
import io.dicm.trainer.bench.StrategyMeasurement;
import io.dicm.trainer.bench.StrategyPlan;
import io.dicm.trainer.sample.ShuffleOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Measures the three strategies of arXiv 1711.06505, table 2, on the user's data. */
final class StrategyBench implements BenchPart {
  private static final int SERVERS = 1;
  private static final int WORKERS = 1;
  private static final int BATCH_SIZE = 1024;
  private static final int STEPS = 20;
  private static final int EMBEDDING_DIMENSION = 12;
  private static final String BYTES = "bytes";

  @Override
  public String name() {
    return "table2";
  }

  @Override
  public String summary() {
    return "bytes and time of the paper's three strategies on your data";
  }

  @Override
  public void addOptions(Options options) {
    options
        .addOption(
            LaunchOptions.value(
                "servers", "N", "table2: servers (default 1); scale: N,N in turn (default 1,2,4)"))
        .addOption(
            LaunchOptions.value(
                "workers", "N", "table2: workers (default 1); scale: N,N in turn (default 1,2,4)"));
  }

  @Override
  public BenchReport measure(CommandContext context, CommandLine line)
      throws IOException, InterruptedException, UsageException {
    StrategyPlan plan =
        new StrategyPlan(
            BenchOptions.number(line, "servers", SERVERS),
            BenchOptions.number(line, "workers", WORKERS),
            BenchOptions.number(line, "batch-size", BATCH_SIZE),
            BenchOptions.number(line, "steps", STEPS),
            BenchOptions.oneOfThreads(line, name()),
            EMBEDDING_DIMENSION,
            BenchOptions.precision(line, RowPrecision.class));
    try (BenchData data = new BenchData(context.conf(), line)) {
      StrategyBenchmark benchmark =
          new StrategyBenchmark(
              context.conf(),
              data.make(),
              ShuffleOptions.of(DicmConfiguration.of(context.conf())),
              plan);
      return report(plan, data.description(), measureAll(context, benchmark));
    }
  }

  private static List<StrategyMeasurement> measureAll(
      CommandContext context, StrategyBenchmark benchmark)
      throws IOException, InterruptedException {
    List<StrategyMeasurement> measured = new ArrayList<>();
    ProgressBar bar = ProgressBar.onStandardError(context.err());
    try {
      for (StorageStrategy strategy : StorageStrategy.values()) {
        measured.add(
            benchmark.run(
                strategy,
                (done, total, note) -> bar.show(label(strategy), (float) done / total, note)));
      }
    } finally {
      bar.clear();
    }
    return measured;
  }

  private static String label(StorageStrategy strategy) {
    return strategy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private BenchReport report(StrategyPlan plan, String data, List<StrategyMeasurement> measured)
      throws InterruptedException {
    BenchReport.Builder report =
        new BenchReport.Builder(name())
            .setting("data", data)
            .setting("servers", plan.servers())
            .setting("workers", plan.workers())
            .setting("batch_size", plan.batchSize());
    double loopback = new MachineLimits().loopbackBandwidth();
    for (StrategyMeasurement one : measured) {
      report.group(label(one.strategy()).replace('-', '_'));
      addStep(one, report);
      one.bytesPerStep()
          .forEach(
              (kind, bytes) ->
                  report.figure(kind.name().toLowerCase(Locale.ROOT) + "_bytes", bytes, BYTES));
      double sent = one.allBytes() + one.bytes(TrafficClass.SUB_MODEL);
      report.limit("loopback", loopback, sent / 1e6 / one.stepMs(), MachineLimits.BANDWIDTH_UNIT);
    }
    return report
        .note(
            "Bytes are those of a mini-batch of all workers; storage bytes those of the whole"
                + " data, and by batch.")
        .build(Machine.here());
  }

  private static void addStep(StrategyMeasurement one, BenchReport.Builder report) {
    report
        .figure("step_ms", one.stepMs(), "ms")
        .figure("batches", one.batches(), "")
        .figure("image_references", one.imageReferencesPerStep(), "")
        .figure("unique_images", one.uniqueImagesPerStep(), "")
        .figure("worker_storage_bytes", one.workerStorageBytes(), BYTES)
        .figure("worker_storage_bytes_by_batch", one.workerStorageBytes() / one.batches(), BYTES)
        .figure("server_storage_bytes", one.serverStorageBytes(), BYTES)
        .figure("server_storage_bytes_by_batch", one.serverStorageBytes() / one.batches(), BYTES)
        .figure("communication_bytes", one.allBytes(), BYTES)
        .figure("communication_image_bytes", one.imageBytes(), BYTES)
        .figure("disk_bytes", one.diskBytesPerStep(), BYTES);
  }
}
