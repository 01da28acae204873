package io.dicm.common.mapreduce;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.LocalJobRunner;
import org.apache.hadoop.mapreduce.MRConfig;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.mapreduce.server.jobtracker.JTConfig;
import org.apache.hadoop.mapreduce.task.reduce.Shuffle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings by which Hadoop runs the tasks of a job, one after the other, in the process that
 * submits it.
 *
 * @param directory of this process alone, for all that the job keeps on local disks
 */
record LocalSettings(Path directory) {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSettings.class);

  /** A map task's buffer. The heap is that of a process that only waited for jobs so far. */
  private static final int SORT_MB = 16;

  /** What a reduce task takes for the heap: it holds at most 70 % of it in memory. */
  private static final long SHUFFLE_BYTES = 64L << 20;

  private static final String NO_LIMIT = "-1";
  private static final String NONE = "";

  /**
   * Whether the settings would hold. Tasks read the cluster's files once more, in which an
   * administrator may have made a value final.
   */
  static boolean mayChange(Configuration job) {
    // Hadoop knows which values are final once it has read the files.
    boolean unused = job.size() > 0;
    Set<String> finalKeys = new HashSet<>(job.getFinalParameters());
    finalKeys.retainAll(new LocalSettings(Path.of(NONE)).values().keySet());
    if (!finalKeys.isEmpty()) {
      LOG.info(
          "No job runs in this process: the cluster's files have final values of {}", finalKeys);
    }
    return finalKeys.isEmpty();
  }

  /** Changes a job that is not submitted yet. */
  void apply(Configuration job) {
    // Empty rather than unset: an unset key comes back when Hadoop reads the site files again.
    values().forEach(job::set);
  }

  private Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(MRConfig.FRAMEWORK_NAME, MRConfig.LOCAL_FRAMEWORK_NAME);
    values.put("hadoop.tmp.dir", directory.toString());
    values.put(MRConfig.LOCAL_DIR, directory.resolve("tasks").toString());
    values.put(JTConfig.JT_STAGING_AREA_ROOT, directory.resolve("staging").toString());
    values.put(LocalJobRunner.LOCAL_MAX_MAPS, "1");
    values.put(LocalJobRunner.LOCAL_MAX_REDUCES, "1");
    values.put(MRJobConfig.IO_SORT_MB, Integer.toString(SORT_MB));
    values.put(MRJobConfig.REDUCE_MEMORY_TOTAL_BYTES, Long.toString(SHUFFLE_BYTES));
    // Nothing goes over a network, and codecs of the cluster's tasks may not be there.
    values.put(MRJobConfig.MAP_OUTPUT_COMPRESS, "false");
    values.put(MRConfig.SHUFFLE_CONSUMER_PLUGIN, Shuffle.class.getName());
    // All classes are here already.
    for (String resources :
        List.of(
            MRJobConfig.CACHE_ARCHIVES,
            MRJobConfig.CACHE_FILES,
            MRJobConfig.MAPREDUCE_APPLICATION_FRAMEWORK_PATH,
            "tmparchives",
            "tmpfiles",
            "tmpjars")) {
      values.put(resources, NONE);
    }
    values.put(MRJobConfig.SHARED_CACHE_MODE, MRJobConfig.SHARED_CACHE_MODE_DEFAULT);
    values.put(MRJobConfig.MAPREDUCE_JOB_CLASSLOADER, "false");
    // A task that is above these limits ends its process, which is ours here.
    values.put(MRJobConfig.TASK_LOCAL_WRITE_LIMIT_BYTES, NO_LIMIT);
    values.put(MRJobConfig.JOB_SINGLE_DISK_LIMIT_BYTES, NO_LIMIT);
    return Collections.unmodifiableMap(values);
  }
}
