package io.dicm.feature.job;

import io.dicm.feature.store.WrittenFile;
import java.util.List;
import java.util.Map;

/**
 * What one reduce task wrote; a JSON file beside its output, committed together with it.
 *
 * @param written the Parquet file, or null when the task had no vectors
 * @param reused images whose bytes the store has a vector of; they are among the outcomes
 * @param rejectedByReason rejected images by reason
 * @param rejectExamples a few of them, for an error's message
 */
record PartStatistics(
    WrittenFile written,
    long reused,
    Map<String, Long> rejectedByReason,
    List<String> rejectExamples) {
  /** Directory of these files within the job's output. */
  static final String DIRECTORY = "_part_statistics";
}
