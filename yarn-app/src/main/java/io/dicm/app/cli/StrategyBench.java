package io.dicm.app.cli;

import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.wire.RowPrecision;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.trainer.bench.StrategyBenchmark;
import io.dicm.trainer.bench.StrategyMeasurement;
import io.dicm.trainer.bench.StrategyPlan;
import io.dicm.trainer.sample.ShuffleOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;

/** Measures the three strategies of arXiv 1711.06505, table 2, on the user's data. */
final class StrategyBench implements BenchPart {
  private static final int SERVERS = 1;
  private static final int WORKERS = 1;
  private static final int BATCH_SIZE = 1024;
  private static final int STEPS = 20;
  private static final int EMBEDDING_DIMENSION = 12;

  private static final String TABLE_ROW = "%-16s %21s %21s %14s %14s %10s %10s %10s %10s %9s%n";

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
        .addOption(BenchOptions.number("servers", "table2: servers", SERVERS))
        .addOption(BenchOptions.number("workers", "table2: workers", WORKERS));
  }

  @Override
  public void run(CommandContext context, CommandLine line, OutputFormat format)
      throws IOException, InterruptedException, UsageException {
    StrategyPlan plan =
        new StrategyPlan(
            BenchOptions.number(line, "servers", SERVERS),
            BenchOptions.number(line, "workers", WORKERS),
            BenchOptions.number(line, "batch-size", BATCH_SIZE),
            BenchOptions.number(line, "steps", STEPS),
            threads(line),
            EMBEDDING_DIMENSION,
            BenchOptions.precision(line, RowPrecision.class));
    try (BenchData data = new BenchData(context.conf(), line)) {
      StrategyBenchmark benchmark =
          new StrategyBenchmark(
              context.conf(),
              data.make(),
              ShuffleOptions.of(DicmConfiguration.of(context.conf())),
              plan);
      List<StrategyMeasurement> measured = measure(context, benchmark);
      context
          .out()
          .print(
              format == OutputFormat.TEXT
                  ? table(plan, data.description(), measured)
                  : format.write(values(plan, data.description(), measured)));
    }
  }

  private static int threads(CommandLine line) throws UsageException {
    List<Integer> threads = BenchOptions.threads(line, "1");
    if (threads.size() > 1) {
      throw new UsageException("table2 takes one number of --threads");
    }
    return threads.get(0);
  }

  private static List<StrategyMeasurement> measure(
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

  private static String table(StrategyPlan plan, String data, List<StrategyMeasurement> measured) {
    StringBuilder table = new StringBuilder();
    StrategyMeasurement first = measured.get(0);
    table.append(
        String.format(
            Locale.ROOT,
            "%s%n%d servers, %d workers, batch %d each, %d processors; %.0f image references and"
                + " %.0f unique images a step%n"
                + "Bytes per mini-batch of all workers (of the whole data):%n",
            data,
            plan.servers(),
            plan.workers(),
            plan.batchSize(),
            Runtime.getRuntime().availableProcessors(),
            first.imageReferencesPerStep(),
            first.uniqueImagesPerStep()));
    table.append(
        String.format(
            Locale.ROOT,
            TABLE_ROW,
            "",
            "storage worker",
            "storage server",
            "communication",
            "of it images",
            "keys",
            "ID rows",
            "sub-model",
            "from disk",
            "step ms"));
    measured.forEach(one -> table.append(row(one)));
    return table.toString();
  }

  private static String row(StrategyMeasurement one) {
    return String.format(
        Locale.ROOT,
        TABLE_ROW,
        label(one.strategy()),
        storage(one.workerStorageBytes(), one.batches()),
        storage(one.serverStorageBytes(), one.batches()),
        bytes(one.allBytes()),
        bytes(one.imageBytes()),
        bytes(one.bytes(TrafficClass.IMAGE_KEYS, TrafficClass.ID_KEYS)),
        bytes(one.bytes(TrafficClass.ID_EMBEDDINGS, TrafficClass.ID_GRADIENTS)),
        bytes(one.bytes(TrafficClass.SUB_MODEL)),
        bytes(one.diskBytesPerStep()),
        String.format(Locale.ROOT, "%.1f", one.stepMs()));
  }

  private static String storage(double all, double batches) {
    return bytes(all / batches) + " (" + bytes(all) + ")";
  }

  private static String bytes(double bytes) {
    if (bytes < 1e3) {
      return String.format(Locale.ROOT, "%.0f", bytes);
    }
    return bytes < 1e6
        ? String.format(Locale.ROOT, "%.1fK", bytes / 1e3)
        : bytes < 1e9
            ? String.format(Locale.ROOT, "%.1fM", bytes / 1e6)
            : String.format(Locale.ROOT, "%.2fG", bytes / 1e9);
  }

  private static Map<String, String> values(
      StrategyPlan plan, String data, List<StrategyMeasurement> measured) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("data", data);
    values.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    values.put("servers", Integer.toString(plan.servers()));
    values.put("workers", Integer.toString(plan.workers()));
    values.put("batch_size", Integer.toString(plan.batchSize()));
    for (StrategyMeasurement one : measured) {
      String prefix = label(one.strategy()).replace('-', '_') + ".";
      put(values, prefix + "step_ms", one.stepMs());
      put(values, prefix + "batches", one.batches());
      put(values, prefix + "worker_storage_bytes", one.workerStorageBytes());
      put(values, prefix + "server_storage_bytes", one.serverStorageBytes());
      put(values, prefix + "image_references", one.imageReferencesPerStep());
      put(values, prefix + "unique_images", one.uniqueImagesPerStep());
      put(values, prefix + "disk_bytes", one.diskBytesPerStep());
      one.bytesPerStep()
          .forEach(
              (kind, bytes) ->
                  put(values, prefix + kind.name().toLowerCase(Locale.ROOT) + "_bytes", bytes));
    }
    return values;
  }

  private static void put(Map<String, String> values, String key, double value) {
    values.put(key, String.format(Locale.ROOT, "%.1f", value));
  }
}
