package io.dicm.feature.job;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.feature.store.FeatureManifest;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads the rejects files of a day's partition, line by line. Immutable. */
public final class RejectsReader {
  private final Configuration conf;
  private final Path directory;

  /**
   * @param partition a {@code dt=} directory of the feature store
   */
  public RejectsReader(Configuration conf, Path partition) {
    this.conf = conf;
    this.directory = new Path(partition, FeatureManifest.REJECTS);
  }

  /**
   * An image that has no vector.
   *
   * @param imageId its name in the catalogue
   * @param path of its file
   * @param reason a {@link io.dicm.feature.decode.RejectionReason}
   * @param detail what was wrong with it
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Line(
      @JsonProperty("image_id") String imageId, String path, String reason, String detail) {}

  /** Takes one line. */
  @FunctionalInterface
  public interface Consumer {
    void accept(Line line) throws IOException;
  }

  /**
   * Gives every line to the consumer, file by file in the order of their names; none where there is
   * no partition or no rejects.
   *
   * @throws DicmException {@link ErrorCode#STORE_CORRUPT} for a line that is no JSON object
   */
  public void read(Consumer consumer) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    JsonFiles json = new JsonFiles(conf);
    for (FileStatus file : files(fs)) {
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(fs.open(file.getPath()), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          consumer.accept(parse(json, file.getPath(), line));
        }
      }
    }
  }

  private List<FileStatus> files(FileSystem fs) throws IOException {
    try {
      return Arrays.stream(fs.listStatus(directory))
          .filter(file -> file.isFile() && !file.getPath().getName().startsWith("."))
          .sorted(Comparator.comparing(FileStatus::getPath))
          .toList();
    } catch (FileNotFoundException e) {
      return List.of();
    }
  }

  private static Line parse(JsonFiles json, Path file, String line) {
    try {
      return json.parse(line, Line.class);
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORE_CORRUPT,
          "Cannot read the rejected images in " + file + ": a line is no JSON object: " + line,
          e);
    }
  }
}
