package io.dicm.common.mapreduce;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.Collection;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.MRConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which jobs read so little that starting processes for their tasks would take longer than the
 * tasks.
 *
 * @param limitMb most MiB of a small job's input; 0: no job is small
 */
public record SmallJobs(int limitMb) {
  private static final Logger LOG = LoggerFactory.getLogger(SmallJobs.class);
  private static final int MOST_MB = 1024;

  /**
   * As configured.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID}
   */
  public static SmallJobs of(Configuration conf) {
    return new SmallJobs(
        DicmConfiguration.of(conf).integer(DicmKeys.MAPREDUCE_LOCAL_INPUT_MB, 0, MOST_MB));
  }

  /**
   * Whether a job is to run in this process. Not one whose input cannot be measured, since its
   * submission says best what is wrong, and none where MapReduce runs all jobs so.
   *
   * @param job the job's settings
   * @param inputs the files that its tasks read, or directories of them
   */
  boolean admit(Configuration job, Collection<Path> inputs) {
    String framework = job.get(MRConfig.FRAMEWORK_NAME, MRConfig.LOCAL_FRAMEWORK_NAME);
    if (limitMb == 0 || framework.equals(MRConfig.LOCAL_FRAMEWORK_NAME)) {
      return false;
    }
    try {
      return isWithinLimit(job, inputs) && LocalSettings.mayChange(job);
    } catch (IOException e) {
      LOG.info("The input {} cannot be measured: {}", inputs, e.getMessage());
      return false;
    }
  }

  private boolean isWithinLimit(Configuration job, Collection<Path> inputs) throws IOException {
    long limitBytes = (long) limitMb << 20;
    long bytes = 0;
    for (Path input : inputs) {
      bytes += input.getFileSystem(job).getContentSummary(input).getLength();
      if (bytes > limitBytes) {
        return false;
      }
    }
    return true;
  }
}
