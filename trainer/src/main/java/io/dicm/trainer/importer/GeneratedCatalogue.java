package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Makes an input directory from nothing but numbers: pictures of products, and a log of clicks that
 * depend on the look of the products as well as on their IDs. The same parameters give the same
 * bytes.
 */
public final class GeneratedCatalogue {
  private final Configuration conf;
  private final CatalogueParameters parameters;
  private final ProductPainter painter = new ProductPainter();

  public GeneratedCatalogue(Configuration conf, CatalogueParameters parameters) {
    this.conf = conf;
    this.parameters = parameters;
  }

  /**
   * Generates and publishes.
   *
   * @throws DicmException {@link ErrorCode#OUTPUT_EXISTS}
   */
  public ImportSummary run(ImportTarget target, ProgressListener progress)
      throws IOException, InterruptedException {
    CatalogueWorld world = new CatalogueWorld(parameters);
    long clicks;
    try (DirectoryPublisher publisher = target.open(conf)) {
      InputLayout layout = new InputLayout(publisher.staging());
      features().write(conf, layout.features());
      writeItems(world.items(), layout.items());
      writeUsers(world.users(), layout.users());
      clicks = writeImpressions(new ImpressionLog(world, parameters), layout.impressions());
      drawPictures(world.items(), layout.images(), progress);
      publisher.publish();
    }
    return new ImportSummary(
        world.items().size(),
        world.items().size(),
        world.users().size(),
        parameters.impressions(),
        clicks);
  }

  private void writeItems(List<CatalogueItem> items, Path file) throws IOException {
    try (CsvOutput out = new CsvOutput(conf, file, "item_id", "image_id", "category", "brand")) {
      for (CatalogueItem item : items) {
        out.row(item.itemId(), item.imageId(), item.look().shape().category(), item.brandName());
      }
    }
  }

  private void writeUsers(List<CatalogueUser> users, Path file) throws IOException {
    try (CsvOutput out = new CsvOutput(conf, file, "user_id", "age_group", "city")) {
      for (CatalogueUser user : users) {
        out.row(user.userId(), user.ageGroupName(), user.cityName());
      }
    }
  }

  /** Gives the number of clicks. */
  private long writeImpressions(ImpressionLog log, Path file) throws IOException {
    try (CsvOutput out =
        new CsvOutput(
            conf, file, "impression_id", "user_id", "item_id", "ts", "label", "hour", "position")) {
      ImpressionRows rows = new ImpressionRows(out);
      log.simulate(parameters.impressions(), rows::write);
      return rows.clicks();
    }
  }

  private void drawPictures(List<CatalogueItem> items, Path directory, ProgressListener progress)
      throws IOException, InterruptedException {
    FileSystem fs = directory.getFileSystem(conf);
    fs.mkdirs(directory);
    ParallelFiles.forEach(items, item -> draw(item, fs, directory), "pictures", progress);
  }

  private void draw(CatalogueItem item, FileSystem fs, Path directory) throws IOException {
    String format = item.png() ? "png" : "jpg";
    SplittableRandom random = new SplittableRandom(parameters.seed() * 31 + item.number());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(painter.paint(item.look(), random), format, bytes)) {
      throw new IOException("This Java cannot write " + format + " files");
    }
    try (OutputStream out = fs.create(new Path(directory, item.imageId() + "." + format), true)) {
      bytes.writeTo(out);
    }
  }

  /** The features of every generated catalogue. */
  public static FeatureSchema features() {
    return FeatureSchema.of(
        List.of(
            new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
            new FeatureField("age_group", FeatureSide.USER, FeatureKind.ID, false, false),
            new FeatureField("city", FeatureSide.USER, FeatureKind.ID, false, false),
            new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
            new FeatureField("image_id", FeatureSide.ITEM, FeatureKind.ID, true, false),
            new FeatureField("category", FeatureSide.ITEM, FeatureKind.ID, true, true),
            new FeatureField("brand", FeatureSide.ITEM, FeatureKind.ID, false, false),
            new FeatureField("hour", FeatureSide.CONTEXT, FeatureKind.ID, false, false),
            new FeatureField("position", FeatureSide.CONTEXT, FeatureKind.ID, false, false)),
        "the generated catalogue");
  }
}
