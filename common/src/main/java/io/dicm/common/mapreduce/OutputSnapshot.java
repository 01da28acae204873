package io.dicm.common.mapreduce;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;

/**
 * The names in a job's output directory before the job ran.
 *
 * @param fs of the directory
 * @param directory of the output
 * @param children in the directory; nothing: there was no directory
 */
record OutputSnapshot(FileSystem fs, Path directory, Optional<Set<String>> children) {

  /** As it is now; nothing for a job without an output directory. */
  static Optional<OutputSnapshot> of(Job job) throws IOException {
    Path directory = FileOutputFormat.getOutputPath(job);
    if (directory == null) {
      return Optional.empty();
    }
    FileSystem fs = directory.getFileSystem(job.getConfiguration());
    return Optional.of(new OutputSnapshot(fs, directory, children(fs, directory)));
  }

  /** Deletes what has come since, such as files of tasks that were committed in a failed job. */
  void restore() throws IOException {
    if (children.isEmpty()) {
      fs.delete(directory, true);
      return;
    }
    for (String child : children(fs, directory).orElse(Set.of())) {
      if (!children.get().contains(child)) {
        fs.delete(new Path(directory, child), true);
      }
    }
  }

  private static Optional<Set<String>> children(FileSystem fs, Path directory) throws IOException {
    try {
      return Optional.of(
          Arrays.stream(fs.listStatus(directory))
              .map(FileStatus::getPath)
              .map(Path::getName)
              .collect(Collectors.toUnmodifiableSet()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }
}
