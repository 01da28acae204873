package io.dicm.app.ablation;

import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a run of an ablation was made with: written when it is done, so that the next call knows.
 *
 * @param run its name
 * @param digest of all that decides its result, as {@link RunDigest} makes it
 * @param settings keys and values that were laid over the configuration
 */
record RunRecord(String run, String digest, Map<String, String> settings) {
  RunRecord {
    settings = Map.copyOf(settings);
  }

  /** The record, if there is one. */
  static Optional<RunRecord> find(Configuration conf, Path file) throws IOException {
    if (!file.getFileSystem(conf).exists(file)) {
      return Optional.empty();
    }
    return Optional.of(new JsonFiles(conf).read(file, RunRecord.class, ErrorCode.STORE_CORRUPT));
  }

  void write(Configuration conf, Path file) throws IOException {
    new JsonFiles(conf).write(file, this);
  }
}
