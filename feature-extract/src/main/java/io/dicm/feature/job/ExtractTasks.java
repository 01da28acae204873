package io.dicm.feature.job;

import io.dicm.feature.source.MapHeap;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.MRJobConfig;

/** Resources of the job's tasks; what libtorch needs is set by {@code JobRunner}. */
final class ExtractTasks {
  /** YARN's name of the resource. */
  private static final String GPU = "yarn.io/gpu";

  private static final double REDUCE_HEAP_FRACTION = 0.65;

  private ExtractTasks() {}

  static void configure(Configuration conf, ExtractSettings settings, MapMemory memory) {
    configureMaps(conf, settings, memory);
    configureReduces(conf, settings);
  }

  private static void configureMaps(
      Configuration conf, ExtractSettings settings, MapMemory memory) {
    // A job's master has not the memory that is planned for a task.
    conf.setBoolean(JobContext.JOB_UBERTASK_ENABLE, false);
    conf.setInt(JobContext.MAP_MEMORY_MB, settings.mapMemoryMb());
    conf.setInt(JobContext.MAP_CPU_VCORES, settings.threads());
    if (settings.gpus() > 0) {
      conf.setInt(MRJobConfig.MAP_RESOURCE_TYPE_PREFIX + GPU, settings.gpus());
    }
    conf.set(
        JobContext.MAP_JAVA_OPTS,
        String.format(
            Locale.ROOT,
            "-Xmx%dm -XX:MaxDirectMemorySize=%dm -XX:+UseSerialGC -Djava.awt.headless=true",
            memory.heap().totalMb(),
            memory.directMb()));
    conf.setInt(JobContext.IO_SORT_MB, MapHeap.SORT_BUFFER_MB);
    conf.setInt(JobContext.JOB_RUNNING_MAP_LIMIT, settings.splitPlan().maxConcurrentMaps());
    // A second attempt of a task that computes for minutes would slow the first one down.
    conf.setBoolean(JobContext.MAP_SPECULATIVE, false);
  }

  private static void configureReduces(Configuration conf, ExtractSettings settings) {
    conf.setInt(JobContext.REDUCE_MEMORY_MB, settings.reduceMemoryMb());
    conf.set(
        JobContext.REDUCE_JAVA_OPTS,
        String.format(
            Locale.ROOT,
            "-Xmx%dm -XX:+UseSerialGC",
            (int) (settings.reduceMemoryMb() * REDUCE_HEAP_FRACTION)));
    conf.setBoolean(JobContext.REDUCE_SPECULATIVE, false);
    // Reducers that wait for maps would only take the memory that maps need.
    conf.setFloat(JobContext.COMPLETED_MAPS_FOR_REDUCE_SLOWSTART, 1f);
  }
}
