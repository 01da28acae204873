package io.dicm.app.cli;

import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.app.plan.AssumedCounts;
import io.dicm.app.plan.ServerNeed;
import io.dicm.app.plan.ServerPlan;
import io.dicm.app.plan.ServingPlan;
import io.dicm.app.plan.StrategyFigures;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.commons.cli.CommandLine;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What assumed counts would take: storage, traffic by strategy, and memory of the servers. */
record PlanAssumed(CommandContext context, CommandLine line) {
  private static final String ROW = "  %-16s %21s %21s %14s %12s %14s%n";

  void run() throws IOException, UsageException {
    OutputFormat format = OutputFormat.of(line);
    AssumedCounts counts = counts();
    StringBuilder text = new StringBuilder();
    Map<String, String> values = new LinkedHashMap<>();
    for (String factor : ("1," + line.getOptionValue(PlanCommand.GROWTH, "")).split(",", -1)) {
      if (!factor.isBlank()) {
        AssumedCounts grown = counts.grown(factor(factor.strip()));
        addText(text, factor.strip(), grown);
        addValues(
            values, factor.strip().equals("1") ? "" : "growth_" + factor.strip() + ".", grown);
      }
    }
    context.out().print(format == OutputFormat.TEXT ? text : format.write(values));
  }

  private static double factor(String text) throws UsageException {
    if (!text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?") || Double.parseDouble(text) == 0) {
      throw new UsageException(
          "--" + PlanCommand.GROWTH + " was '" + text + "', needed numbers above 0");
    }
    return Double.parseDouble(text);
  }

  private AssumedCounts counts() throws IOException, UsageException {
    Map<String, String> given = new LinkedHashMap<>();
    for (String argument : line.getOptionValues(PlanCommand.ASSUME)) {
      int equals = argument.indexOf('=');
      if (equals > 0) {
        given.put(argument.substring(0, equals).strip(), argument.substring(equals + 1));
      } else {
        readFile(PathArgument.localFirst(context.conf(), argument), given);
      }
    }
    return AssumedCounts.of(given);
  }

  /** Lines {@code key=value}, as Java's properties. */
  private void readFile(Path file, Map<String, String> given) throws IOException {
    Properties properties = new Properties();
    try (InputStream in = file.getFileSystem(context.conf()).open(file);
        InputStreamReader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (java.io.FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read counts: '%s' is neither KEY=VALUE nor a file.".formatted(file),
          e);
    }
    properties.stringPropertyNames().forEach(key -> given.put(key, properties.getProperty(key)));
  }

  private ServerPlan servers(AssumedCounts counts) {
    return ServerPlan.of(settings(counts), counts.vectors(), (long) counts.idRows());
  }

  private ServingPlan serving(AssumedCounts counts) {
    return ServingPlan.of(settings(counts), counts);
  }

  /** The gang of the assumption instead of the configured one. */
  private DicmConfiguration settings(AssumedCounts counts) {
    Configuration conf = new Configuration(context.conf());
    conf.setInt(DicmKeys.TRAIN_SERVERS, counts.nodes());
    conf.setInt(DicmKeys.TRAIN_WORKERS, counts.nodes());
    conf.setInt(DicmKeys.MODEL_EMBEDDING_DIMENSION, counts.embeddingDimension());
    return DicmConfiguration.of(conf);
  }

  private int weightColumns() {
    return ContainerSettings.rowColumns(DicmConfiguration.of(context.conf())).weights();
  }

  private void addText(StringBuilder text, String factor, AssumedCounts counts) {
    ServerPlan servers = servers(counts);
    ServerNeed server = servers.fullest();
    text.append(
        "%s times: %s images, %s samples, %s IDs on %d servers and %d workers of batch %d%n"
            .formatted(
                factor,
                Quantity.of(counts.images()),
                Quantity.of(counts.samples()),
                Quantity.of(counts.idRows()),
                counts.nodes(),
                counts.nodes(),
                counts.batchSize()));
    text.append(
        "  %.0f mini-batches of %s a pass, each with %s different images and %s ID embeddings%n"
            .formatted(
                Math.ceil(counts.batches()),
                Quantity.of(counts.batchOfAll()),
                Quantity.of(counts.uniqueImagesOfBatch()),
                Quantity.of(counts.idsOfBatch())));
    text.append(
        "  samples %sB, %sB a day; vectors %sB; a server: vectors %sB, ID embeddings %sB, container of %s MiB%s%n"
            .formatted(
                Quantity.of(counts.samples() * counts.sampleBytes()),
                Quantity.of(counts.samples() * counts.sampleBytes() / counts.days()),
                Quantity.of(counts.images() * counts.dimension() * Float.BYTES),
                Quantity.of(server.vectorBytes()),
                Quantity.of(server.idBytes()),
                needed(servers),
                lean(servers)));
    new ServingText(serving(counts)).addTo(text);
    text.append(
        ROW.formatted(
            "bytes a batch",
            "storage worker",
            "storage server",
            "communication",
            "of it images",
            "not counted"));
    for (StorageStrategy strategy : StorageStrategy.values()) {
      StrategyFigures figures = StrategyFigures.of(strategy, counts, weightColumns());
      text.append(
          ROW.formatted(
              label(strategy),
              storage(figures.workerStorageOfBatch(), figures.workerStorageBytes()),
              storage(figures.serverStorageOfBatch(), figures.serverStorageBytes()),
              Quantity.of(figures.communicationBytes()),
              Quantity.of(figures.imageBytes()),
              Quantity.of(figures.furtherBytes())));
    }
  }

  private static String needed(ServerPlan servers) {
    return servers.neededMb().isPresent()
        ? Integer.toString(servers.neededMb().getAsInt())
        : "too many";
  }

  private static String lean(ServerPlan servers) {
    return servers
        .lean()
        .map(
            lean ->
                " (%d with %s=%s)"
                    .formatted(
                        lean.memoryMb(), DicmKeys.YARN_SERVER_HEAP_FRACTION, lean.heapFraction()))
        .orElse("");
  }

  private static String storage(double batch, double all) {
    return Quantity.of(batch) + " (" + Quantity.of(all) + ")";
  }

  private static String label(StorageStrategy strategy) {
    return strategy.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private void addValues(Map<String, String> values, String prefix, AssumedCounts counts) {
    ServerPlan servers = servers(counts);
    ServerNeed server = servers.fullest();
    put(values, prefix + "batches", counts.batches());
    put(values, prefix + "unique_images", counts.uniqueImagesOfBatch());
    put(values, prefix + "sample_bytes", counts.samples() * counts.sampleBytes());
    put(values, prefix + "vector_bytes", counts.images() * counts.dimension() * Float.BYTES);
    put(values, prefix + "server_vector_bytes", server.vectorBytes());
    put(values, prefix + "server_name_bytes", server.nameBytes());
    put(values, prefix + "server_id_bytes", server.idBytes());
    put(values, prefix + "server_sub_model_bytes", server.subModelBytes());
    values.put(prefix + "server_memory_mb", needed(servers));
    servers
        .lean()
        .ifPresent(
            lean -> {
              values.put(prefix + "lean_server_memory_mb", Integer.toString(lean.memoryMb()));
              values.put(
                  prefix + "lean_server_heap_fraction", Double.toString(lean.heapFraction()));
            });
    new ServingText(serving(counts)).addTo(values, prefix + "serving.");
    for (StorageStrategy strategy : StorageStrategy.values()) {
      StrategyFigures figures = StrategyFigures.of(strategy, counts, weightColumns());
      String name = prefix + strategy.name().toLowerCase(Locale.ROOT) + ".";
      put(values, name + "worker_storage_bytes", figures.workerStorageBytes());
      put(values, name + "worker_storage_bytes_per_batch", figures.workerStorageOfBatch());
      put(values, name + "server_storage_bytes", figures.serverStorageBytes());
      put(values, name + "server_storage_bytes_per_batch", figures.serverStorageOfBatch());
      put(values, name + "communication_bytes", figures.communicationBytes());
      put(values, name + "image_bytes", figures.imageBytes());
      for (TrafficClass kind : TrafficClass.values()) {
        put(
            values,
            name + kind.name().toLowerCase(Locale.ROOT) + "_bytes",
            figures.bytesPerStep().getOrDefault(kind, 0.0));
      }
    }
  }

  private static void put(Map<String, String> values, String key, long value) {
    put(values, key, (double) value);
  }

  private static void put(Map<String, String> values, String key, double value) {
    values.put(key, String.format(Locale.ROOT, "%.1f", value));
  }
}
