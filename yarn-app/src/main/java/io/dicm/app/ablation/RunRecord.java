package io.dicm.app.ablation;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.ablation.PlannedRun;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run of an ablation was made with, so that the next call knows. It is there from the run's
 * beginning, so that others can tell an ablation's runs from those of a daily series.
 *
 * @param run its name
 * @param digest of all that decides its result, as {@link RunDigest} makes it; empty until the run
 *     is done
 * @param settings keys and values that were laid over the configuration
 */
record RunRecord(String run, String digest, Map<String, String> settings) {
  private static final Logger LOG = LoggerFactory.getLogger(RunRecord.class);

  RunRecord {
    settings = Map.copyOf(settings);
  }

  /** The record of a run that begins. */
  static RunRecord begun(PlannedRun run) {
    return new RunRecord(run.name(), "", run.settings());
  }

  /** The record of a run that is done, if there is one that can be read. */
  static Optional<RunRecord> findDone(Configuration conf, Path file) throws IOException {
    if (!file.getFileSystem(conf).exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new JsonFiles(conf).read(file, RunRecord.class, ErrorCode.STORE_CORRUPT))
          .filter(RunRecord::isDone);
    } catch (DicmException e) {
      if (e.code() != ErrorCode.STORE_CORRUPT) {
        throw e; // The file may be well: its run must not be made again for a fault that passes.
      }
      LOG.warn("The run is taken as not done: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private boolean isDone() {
    return !digest.isEmpty();
  }

  void write(Configuration conf, Path file) throws IOException {
    new JsonFiles(conf).publish(file, this);
  }
}
