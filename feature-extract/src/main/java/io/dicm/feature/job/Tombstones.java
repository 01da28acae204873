package io.dicm.feature.job;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** The list of images that the store must forget and not take again. */
public final class Tombstones {
  private Tombstones() {}

  /**
   * Reads the image_ids, one a line; empty lines are passed over.
   *
   * @param file {@code dicm.features.tombstones}; empty: none
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when the file is not there: an image that
   *     must be forgotten would come back
   */
  public static Set<String> read(Configuration conf, String file) throws IOException {
    if (file.isEmpty()) {
      return Set.of();
    }
    Path path = new Path(file);
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(path.getFileSystem(conf).open(path), StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isEmpty()).collect(Collectors.toUnmodifiableSet());
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot read " + DicmKeys.FEATURES_TOMBSTONES + ": there is no file " + path + ".",
          e);
    }
  }

  /** Writes a list in a form for {@link #read}. */
  static void write(Configuration conf, Path file, SortedSet<String> imageIds) throws IOException {
    try (OutputStream out = file.getFileSystem(conf).create(file, true)) {
      for (String imageId : imageIds) {
        out.write((imageId + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
  }
}
