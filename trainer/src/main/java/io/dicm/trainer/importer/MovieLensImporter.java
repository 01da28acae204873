package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.BadRowException;
import io.dicm.trainer.input.CsvTable;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.input.RowProblem;
import io.dicm.trainer.input.TableRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;

/**
 * Turns MovieLens ratings with posters into the input layout: a rating of 4 or more is a click. The
 * source is a directory with {@code interactions.csv} (userId, itemId, rating, timestamp), {@code
 * items.csv} (itemId, categories) and {@code images/<itemId>.jpg}.
 */
public final class MovieLensImporter {
  private static final double LIKED = 4;
  private static final String JPEG = ".jpg";

  private final Configuration conf;
  private final MovieLensFeatures features;

  /**
   * @param features what {@code features.json} names; {@code items.csv} has the categories always
   */
  public MovieLensImporter(Configuration conf, MovieLensFeatures features) {
    this.conf = conf;
    this.features = features;
  }

  /**
   * Imports and publishes.
   *
   * @param source the data's directory, local or not
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} or {@link ErrorCode#INPUT_INVALID} with
   *     file and line, {@link ErrorCode#OUTPUT_EXISTS}
   */
  public ImportSummary run(Path source, ImportTarget target, ProgressListener progress)
      throws IOException, InterruptedException {
    List<FileStatus> images = images(new Path(source, "images"));
    try (DirectoryPublisher publisher = target.open(conf)) {
      InputLayout layout = new InputLayout(publisher.staging());
      long items = writeItems(new Path(source, "items.csv"), layout.items(), images);
      ImportTotals ratings = new ImportTotals();
      writeImpressions(new Path(source, "interactions.csv"), layout.impressions(), ratings);
      features.schema().write(conf, layout.features());
      copy(images, layout.images(), progress);
      publisher.publish();
      return ratings.summary(items, images.size());
    }
  }

  private List<FileStatus> images(Path directory) throws IOException {
    FileSystem fs = directory.getFileSystem(conf);
    List<FileStatus> images = new ArrayList<>();
    if (fs.exists(directory)) {
      for (FileStatus file : fs.listStatus(directory)) {
        if (file.getPath().getName().endsWith(JPEG)) {
          images.add(file);
        }
      }
    }
    if (images.isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING,
          "Cannot import: there is no picture <itemId>.jpg in " + directory + ".");
    }
    return images;
  }

  private long writeItems(Path from, Path to, List<FileStatus> images) throws IOException {
    Set<String> pictured = new HashSet<>();
    for (FileStatus image : images) {
      String name = image.getPath().getName();
      pictured.add(name.substring(0, name.length() - JPEG.length()));
    }
    try (CsvTable table = new CsvTable(conf, from);
        CsvOutput out = new CsvOutput(conf, to, "item_id", "image_id", "category")) {
      table.header().require(List.of("itemId", "categories"));
      return table.forEach(
          row -> {
            String item = row.required("itemId");
            out.row(item, pictured.contains(item) ? item : "", row.value("categories"));
          },
          new StrictRows(from));
    }
  }

  private void writeImpressions(Path from, Path to, ImportTotals ratings) throws IOException {
    try (CsvTable table = new CsvTable(conf, from);
        CsvOutput out = new CsvOutput(conf, to, "user_id", "item_id", "ts", "label")) {
      table.header().require(List.of("userId", "itemId", "rating", "timestamp"));
      table.forEach(
          row -> {
            String user = row.required("userId");
            boolean click = rating(row) >= LIKED;
            String item = row.required("itemId");
            ratings.add(user, item, click);
            out.row(
                user, item, Long.toString(row.timestampSeconds("timestamp")), click ? "1" : "0");
          },
          new StrictRows(from));
    }
  }

  private void copy(List<FileStatus> images, Path directory, ProgressListener progress)
      throws IOException, InterruptedException {
    FileSystem to = directory.getFileSystem(conf);
    to.mkdirs(directory);
    ParallelFiles.forEach(
        images,
        image -> {
          Path from = image.getPath();
          Path copy = new Path(directory, from.getName());
          FileUtil.copy(from.getFileSystem(conf), from, to, copy, false, true, conf);
        },
        "images",
        progress);
  }

  private static double rating(TableRow row) throws BadRowException {
    String rating = row.required("rating");
    try {
      return Double.parseDouble(rating);
    } catch (NumberFormatException e) {
      BadRowException bad =
          new BadRowException(RowProblem.BAD_LABEL, "rating was '" + rating + "', not a number");
      bad.initCause(e);
      throw bad;
    }
  }
}
