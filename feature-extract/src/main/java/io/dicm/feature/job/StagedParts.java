package io.dicm.feature.job;

import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.feature.store.WrittenFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What all reduce tasks of a finished job wrote, by their own statistics.
 *
 * @param parts one entry a task
 */
record StagedParts(List<PartStatistics> parts) {
  StagedParts {
    parts = List.copyOf(parts);
  }

  /** Reads the statistics in a job's output. */
  static StagedParts read(Configuration conf, Path output) throws IOException {
    JsonFiles json = new JsonFiles(conf);
    Path directory = new Path(output, PartStatistics.DIRECTORY);
    List<PartStatistics> parts = new ArrayList<>();
    for (FileStatus status : directory.getFileSystem(conf).listStatus(directory)) {
      parts.add(json.read(status.getPath(), PartStatistics.class, ErrorCode.INTERNAL));
    }
    return new StagedParts(parts);
  }

  /** Deletes what is for the client only. */
  static void remove(Configuration conf, Path output) throws IOException {
    FileSystem fs = output.getFileSystem(conf);
    fs.delete(new Path(output, PartStatistics.DIRECTORY), true);
    fs.delete(new Path(output, OutcomeFile.DIRECTORY), true);
  }

  /** The Parquet files by name. */
  List<WrittenFile> written() {
    return parts.stream()
        .map(PartStatistics::written)
        .filter(Objects::nonNull)
        .sorted(Comparator.comparing(written -> written.file().name()))
        .toList();
  }

  /** Images whose bytes the store has a vector of. */
  long reused() {
    return parts.stream().mapToLong(PartStatistics::reused).sum();
  }

  /** Images without a vector. */
  long rejected() {
    return rejectedByReason().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Images without a vector, by reason. */
  Map<String, Long> rejectedByReason() {
    Map<String, Long> sums = new TreeMap<>();
    parts.forEach(part -> part.rejectedByReason().forEach((r, n) -> sums.merge(r, n, Long::sum)));
    return sums;
  }

  /** Images whose vector was computed. */
  long computed() {
    return written().stream().mapToLong(written -> written.file().rows()).sum();
  }

  /** A few rejected images, each with its reason. */
  List<String> rejectExamples(int most) {
    return parts.stream().flatMap(part -> part.rejectExamples().stream()).limit(most).toList();
  }
}
