package io.dicm.trainer.bench;

import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleSource;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * How fast one thread reads all samples, beside how fast it reads their files' bare bytes.
 *
 * @param samples moments of a user
 * @param bytes of the files
 * @param seconds for the samples
 * @param bareSeconds for the bytes alone
 */
public record ReadRate(long samples, long bytes, double seconds, double bareSeconds) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Reads the bytes twice, so that the measured pass finds them in memory, then the samples. */
  public static ReadRate measure(Configuration conf, StepData data) throws IOException {
    Path directory = new Path(data.samples());
    readBytes(conf, directory);
    long start = System.nanoTime();
    long bytes = readBytes(conf, directory);
    long between = System.nanoTime();
    long samples = readSamples(conf, data, directory);
    long end = System.nanoTime();
    return new ReadRate(samples, bytes, (end - between) / 1e9, (between - start) / 1e9);
  }

  private static long readBytes(Configuration conf, Path directory) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    byte[] buffer = new byte[BUFFER_BYTES];
    long bytes = 0;
    for (FileStatus file : fs.listStatus(directory, path -> !path.getName().startsWith("_"))) {
      try (InputStream in = fs.open(file.getPath())) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          bytes += count;
        }
      }
    }
    return bytes;
  }

  private static long readSamples(Configuration conf, StepData data, Path directory)
      throws IOException {
    long samples = 0;
    try (SampleSource all = SampleFiles.sequential(conf, directory, data.schema(conf), 0, 1)) {
      while (all.next() != null) {
        samples++;
      }
    }
    return samples;
  }

  /** Samples a second. */
  public double samplesPerSecond() {
    return samples / seconds;
  }

  /** The files' bytes in the samples' time, 10^9 a second. */
  public double gigabytesPerSecond() {
    return bytes / seconds / 1e9;
  }

  /** The files' bytes alone, 10^9 a second. */
  public double bareGigabytesPerSecond() {
    return bytes / bareSeconds / 1e9;
  }
}
