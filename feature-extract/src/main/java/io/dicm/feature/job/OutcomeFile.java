package io.dicm.feature.job;

import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Tells the client which images a reduce task did not write a vector of, and why: the store has it,
 * or the image was rejected. A binary file beside the task's output, committed together with it.
 */
final class OutcomeFile {
  /** Directory of these files within the job's output. */
  static final String DIRECTORY = "_part_outcomes";

  private OutcomeFile() {}

  /** Reads all files in a job's output. */
  static List<ExtractedImage> read(Configuration conf, Path output) throws IOException {
    Path directory = new Path(output, DIRECTORY);
    FileSystem fs = directory.getFileSystem(conf);
    List<ExtractedImage> images = new ArrayList<>();
    for (FileStatus status : list(fs, directory)) {
      try (DataInputStream in = fs.open(status.getPath())) {
        while (in.readBoolean()) {
          ExtractedImage image = new ExtractedImage();
          image.readFields(in);
          images.add(image);
        }
      }
    }
    return images;
  }

  private static FileStatus[] list(FileSystem fs, Path directory) throws IOException {
    try {
      return fs.listStatus(directory);
    } catch (FileNotFoundException e) {
      return new FileStatus[0];
    }
  }

  /** Writes one file; without any image there is none. Not safe for use by many threads. */
  static final class Writer implements Closeable {
    private final Configuration conf;
    private final Path file;
    private DataOutputStream out;

    Writer(Configuration conf, Path file) {
      this.conf = conf;
      this.file = file;
    }

    void write(ExtractedImage image) throws IOException {
      if (out == null) {
        out = file.getFileSystem(conf).create(file, true);
      }
      out.writeBoolean(true);
      image.write(out);
    }

    @Override
    public void close() throws IOException {
      if (out != null) {
        out.writeBoolean(false);
        out.close();
      }
    }
  }
}
