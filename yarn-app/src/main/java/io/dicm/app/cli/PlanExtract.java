package io.dicm.app.cli;

import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.feature.job.ExtractPlan;
import io.dicm.feature.job.ExtractPlanner;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.cli.CommandLine;
import org.apache.hadoop.conf.Configuration;

/** The plan of the next extraction alone. */
record PlanExtract(CommandContext context, CommandLine line) {
  void run(double imagesPerSecond) throws IOException, UsageException {
    OutputFormat format = OutputFormat.of(line);
    Configuration settings = settings(context.conf(), line);
    ExtractPlan plan = new ExtractPlanner(settings).plan(imagesPerSecond);
    Map<String, Object> result = new LinkedHashMap<>(values(plan, masterHeapMb(settings)));
    if (format == OutputFormat.JSON) {
      // 1,024 numbers: for programs.
      result.put("bucket_bytes", plan.bucketBytes());
    }
    context.out().print(format.write(result));
  }

  private static Configuration settings(Configuration conf, CommandLine line)
      throws UsageException {
    Configuration settings = new Configuration(conf);
    set(settings, line, "input", DicmKeys.INPUT_PATH);
    set(settings, line, "workspace", DicmKeys.WORKSPACE_PATH);
    // The plan is that of the next extraction, whatever its day.
    if (settings.getTrimmed(DicmKeys.RUN_DATE, "").isEmpty()) {
      settings.set(DicmKeys.RUN_DATE, LocalDate.now(ZoneOffset.UTC).toString());
    }
    return settings;
  }

  private static void set(Configuration settings, CommandLine line, String option, String key)
      throws UsageException {
    String value = line.getOptionValue(option, settings.getTrimmed(key, ""));
    if (value.isEmpty()) {
      throw new UsageException("plan needs --" + option + " (or -D " + key + "=...)");
    }
    settings.set(key, PathArgument.parse(value).toString());
  }

  private static int masterHeapMb(Configuration settings) {
    return ContainerSettings.memory(
            DicmConfiguration.of(settings), "master", DicmKeys.YARN_MASTER_MEMORY_MB)
        .heapMb();
  }

  private static Map<String, String> values(ExtractPlan plan, int masterHeapMb) {
    Map<String, String> result = new LinkedHashMap<>();
    result.put("images", Long.toString(plan.images()));
    result.put("images_exact", Boolean.toString(plan.imagesExact()));
    result.put("new_images", Long.toString(plan.newImages()));
    result.put("image_bytes", Long.toString(plan.imageBytes()));
    result.put("map_tasks", Integer.toString(plan.mapTasks()));
    result.put("map_tasks_at_a_time", Integer.toString(plan.concurrentMaps()));
    result.put("map_memory_mb", Integer.toString(plan.mapMemoryMb()));
    result.put("map_memory_needed_mb", Integer.toString(plan.mapMemoryNeededMb()));
    result.put("reduce_tasks", Integer.toString(plan.reduceTasks()));
    result.put("peak_memory_mb", Long.toString(plan.peakMemoryMb()));
    result.put("master_heap_mb", Integer.toString(masterHeapMb));
    result.put("master_heap_needed_mb", Long.toString(plan.masterHeapNeededMb()));
    result.put("vector_bytes", Long.toString(plan.vectorBytes()));
    result.put("largest_bucket_bytes", Long.toString(plan.largestBucketBytes()));
    long[] servers = plan.serverBytes();
    for (int server = 0; server < servers.length; server++) {
      result.put("server_" + server + "_bytes", Long.toString(servers[server]));
    }
    result.put("seconds", String.format(Locale.ROOT, "%.0f", plan.seconds()));
    return result;
  }
}
