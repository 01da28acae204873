package io.dicm.trainer.evaluate;

import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Writable;

/** Reads what a job's reducers wrote as SequenceFiles. */
final class JobOutput {
  private JobOutput() {}

  /**
   * Reads all records, file by file in the order of the reducers.
   *
   * @param key filled in with each record's key
   * @param value filled in with each record's value
   * @param record called for each record
   */
  static void read(
      Configuration conf, Path directory, Writable key, Writable value, Runnable record)
      throws IOException {
    FileStatus[] files =
        directory
            .getFileSystem(conf)
            .listStatus(directory, path -> path.getName().startsWith("part-"));
    Arrays.sort(files);
    for (FileStatus file : files) {
      try (SequenceFile.Reader reader =
          new SequenceFile.Reader(conf, SequenceFile.Reader.file(file.getPath()))) {
        while (reader.next(key, value)) {
          record.run();
        }
      }
    }
  }
}
