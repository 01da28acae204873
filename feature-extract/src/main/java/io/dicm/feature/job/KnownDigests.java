package io.dicm.feature.job;

import io.dicm.common.fs.FileDigest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SortedSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Digests of pictures whose vectors the store has, for a task: a file of them, sorted, {@value
 * #BYTES} bytes each. Immutable.
 */
final class KnownDigests {
  /** Bytes of a SHA-256. */
  static final int BYTES = 32;

  private final byte[] sorted;

  private KnownDigests(byte[] sorted) {
    this.sorted = sorted;
  }

  /** Writes digests of hexadecimal digits. */
  static void write(Configuration conf, Path file, SortedSet<String> digests) throws IOException {
    try (OutputStream out = file.getFileSystem(conf).create(file, true)) {
      for (String digest : digests) {
        out.write(HexFormat.of().parseHex(digest));
      }
    }
  }

  /** Reads the file named by {@link ExtractJobKeys#KNOWN_DIGESTS}; none: nothing is known. */
  static KnownDigests load(Configuration conf) throws IOException {
    String name = conf.get(ExtractJobKeys.KNOWN_DIGESTS, "");
    if (name.isEmpty()) {
      return new KnownDigests(new byte[0]);
    }
    Path file = new Path(name);
    FileSystem fs = file.getFileSystem(conf);
    byte[] bytes = new byte[Math.toIntExact(fs.getFileStatus(file).getLen())];
    try (FSDataInputStream in = fs.open(file)) {
      in.readFully(bytes);
    }
    return new KnownDigests(bytes);
  }

  /**
   * Whether a digest is among them.
   *
   * @param digest lower-case hexadecimal SHA-256, as of {@link FileDigest}
   */
  boolean contains(String digest) {
    byte[] wanted = HexFormat.of().parseHex(digest);
    int low = 0;
    int high = sorted.length / BYTES - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order =
          Arrays.compareUnsigned(sorted, middle * BYTES, (middle + 1) * BYTES, wanted, 0, BYTES);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }
}
