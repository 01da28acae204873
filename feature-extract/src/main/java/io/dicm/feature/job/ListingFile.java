package io.dicm.feature.job;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.InputSplit;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;

/**
 * The listing as a file of names, of which each split is a range of bytes: splits stay small
 * however many images there are, and no task lists the directory again.
 */
final class ListingFile {
  // Neither POSIX nor HDFS names can hold it, unlike a line feed.
  private static final char END_OF_NAME = '\0';

  private ListingFile() {}

  /** Writes the names of the listing's files. */
  static void write(Configuration conf, Path file, ImageListing listing) throws IOException {
    try (OutputStream out = file.getFileSystem(conf).create(file, true)) {
      for (ImageFile image : listing.files()) {
        out.write(bytes(image.name()));
      }
    }
  }

  /**
   * Cuts the file into ranges whose numbers of names differ by one at most.
   *
   * @param splits number of ranges
   */
  static List<InputSplit> splits(Configuration conf, Path file, int splits) throws IOException {
    List<String> names = read(conf, file, 0, file.getFileSystem(conf).getFileStatus(file).getLen());
    List<InputSplit> ranges = new ArrayList<>();
    long offset = 0;
    int next = 0;
    for (int split = 0; split < splits; split++) {
      int end = (int) ((long) names.size() * (split + 1) / splits);
      long length = 0;
      for (; next < end; next++) {
        length += bytes(names.get(next)).length;
      }
      ranges.add(new FileSplit(file, offset, length, new String[0]));
      offset += length;
    }
    return ranges;
  }

  /** The names in a range of bytes. */
  static List<String> read(Configuration conf, Path file, long offset, long length)
      throws IOException {
    byte[] bytes = new byte[Math.toIntExact(length)];
    try (FSDataInputStream in = file.getFileSystem(conf).open(file)) {
      in.readFully(offset, bytes);
    }
    List<String> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == END_OF_NAME) {
        names.add(new String(bytes, start, i - start, StandardCharsets.UTF_8));
        start = i + 1;
      }
    }
    return names;
  }

  private static byte[] bytes(String name) {
    return (name + END_OF_NAME).getBytes(StandardCharsets.UTF_8);
  }
}
