package io.dicm.feature.job;

import io.dicm.common.json.JsonFiles;
import io.dicm.feature.decode.RejectedImage;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Writes rejected images as JSON lines (image_id, reason, detail, path) and counts them; without
 * any there is no file. Not safe for use by many threads.
 */
final class RejectsWriter implements Closeable {
  private static final int MOST_EXAMPLES = 3;

  private final Configuration conf;
  private final Path file;
  private final JsonFiles json;
  private final Map<String, Long> byReason = new TreeMap<>();
  private final List<String> examples = new ArrayList<>();
  private OutputStream out;

  RejectsWriter(Configuration conf, Path file) {
    this.conf = conf;
    this.file = file;
    this.json = new JsonFiles(conf);
  }

  void write(String imageId, String path, RejectedImage rejection) throws IOException {
    if (out == null) {
      out = file.getFileSystem(conf).create(file, true);
    }
    String line =
        json.oneLine(
            Map.of(
                "image_id",
                imageId,
                "reason",
                rejection.reason().name(),
                "detail",
                rejection.detail(),
                "path",
                path));
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    byReason.merge(rejection.reason().name(), 1L, Long::sum);
    if (examples.size() < MOST_EXAMPLES) {
      examples.add(path + " (" + rejection.reason() + ": " + rejection.detail() + ")");
    }
  }

  /** Images so far, by reason. */
  Map<String, Long> byReason() {
    return Map.copyOf(byReason);
  }

  /** The first few images, each with its reason. */
  List<String> examples() {
    return List.copyOf(examples);
  }

  @Override
  public void close() throws IOException {
    if (out != null) {
      out.close();
    }
  }
}
