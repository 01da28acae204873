package io.dicm.feature.job;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.encode.EncoderProvider;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.MRJobConfig;

/** Resources of the job's tasks; what libtorch needs is set by {@code JobRunner}. */
final class ExtractTasks {
  /** Java heap of a map task, MiB: a decoded picture, Hadoop's sort buffer; the rest is native. */
  private static final int MAP_HEAP_MB = 512;

  /** YARN's name of the resource. */
  private static final String GPU = "yarn.io/gpu";

  private static final int SORT_BUFFER_MB = 64;
  private static final double REDUCE_HEAP_FRACTION = 0.65;

  private ExtractTasks() {}

  static void configure(Configuration conf, ExtractSettings settings) {
    configureMaps(conf, settings);
    configureReduces(conf, settings);
  }

  /**
   * Refuses containers that are too small for the network and a batch: YARN would kill them, one
   * attempt after the other.
   *
   * @throws DicmException {@link ErrorCode#MEMORY_PLAN_TOO_LARGE}
   */
  static void requireMemory(ExtractSettings settings, EncoderProvider encoder) {
    int neededMb = neededMb(settings, encoder);
    if (neededMb > settings.mapMemoryMb()) {
      throw new DicmException(
          ErrorCode.MEMORY_PLAN_TOO_LARGE,
          "Cannot extract images: a map task with "
              + DicmKeys.EXTRACT_BATCH_SIZE
              + "="
              + settings.batchSize()
              + " needs about "
              + neededMb
              + " MiB, "
              + DicmKeys.EXTRACT_MAP_MEMORY_MB
              + " is "
              + settings.mapMemoryMb()
              + ". Make the batches smaller or the containers larger.");
    }
  }

  /** What a map task needs, about, MiB. */
  static int neededMb(ExtractSettings settings, EncoderProvider encoder) {
    return mapHeapMb(settings) + encoder.nativeMemoryMb(settings.batchSize());
  }

  private static int mapHeapMb(ExtractSettings settings) {
    return Math.min(MAP_HEAP_MB, settings.mapMemoryMb() / 2);
  }

  private static void configureMaps(Configuration conf, ExtractSettings settings) {
    conf.setInt(JobContext.MAP_MEMORY_MB, settings.mapMemoryMb());
    conf.setInt(JobContext.MAP_CPU_VCORES, settings.threads());
    if (settings.gpus() > 0) {
      conf.setInt(MRJobConfig.MAP_RESOURCE_TYPE_PREFIX + GPU, settings.gpus());
    }
    conf.set(
        JobContext.MAP_JAVA_OPTS,
        String.format(
            Locale.ROOT, "-Xmx%dm -XX:+UseSerialGC -Djava.awt.headless=true", mapHeapMb(settings)));
    conf.setInt(JobContext.IO_SORT_MB, SORT_BUFFER_MB);
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
