package io.dicm.app.cli;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.layout.Workspace;
import io.dicm.trainer.importer.AmazonImporter;
import io.dicm.trainer.importer.AmazonSource;
import io.dicm.trainer.importer.AmazonSource.AmazonVectors;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Options;
import org.apache.hadoop.conf.Configuration;

/** Amazon reviews, with pictures or with the published vectors of pictures. */
final class AmazonImport implements ImportKind {
  private static final String REVIEWS = "reviews";
  private static final String METADATA = "metadata";
  private static final String IMAGES = "images";
  private static final String IMAGE_FEATURES = "image-features";
  private static final String DATE = "date";
  private static final String LIKED = "liked";
  private static final String LIKED_DEFAULT = "4";

  @Override
  public String name() {
    return "amazon";
  }

  @Override
  public String summary() {
    return "from Amazon reviews";
  }

  @Override
  public String format() {
    return """
        files with one object a line, compressed by gzip or not:
          --reviews   {"reviewerID": "A2SUAM1J3GNN3B", "asin": "0000013714", "overall": 5.0,
                       "unixReviewTime": 1252800000}
          --metadata  {"asin": "0000013714", "categories": [["Music", "Pop"]], "brand": "EMI",
                       "price": 3.17}, or the same as Python prints a dict ({'asin': ...})
          --images    a folder of <asin>.jpg, .png, ...
          --image-features  records of 16,394 bytes: asin (10 characters), 4,096 little-endian
                      float32. They go into the feature store below dicm.workspace.path; train
                      with -D dicm.extract.encoder=imported-amazon-fc7 and without extract.
        """;
  }

  @Override
  public void addOptions(Options options) {
    options
        .addOption(LaunchOptions.value(REVIEWS, "FILE", "amazon: the reviews"))
        .addOption(LaunchOptions.value(METADATA, "FILE", "amazon: optional, the products"))
        .addOption(LaunchOptions.value(IMAGES, "DIR", "amazon: optional, the products' pictures"))
        .addOption(
            LaunchOptions.value(
                IMAGE_FEATURES, "FILE", "amazon: optional, the published image features"))
        .addOption(
            LaunchOptions.value(
                DATE, "D", "amazon: day of the vectors' partition (default dicm.run.date)"))
        .addOption(
            LaunchOptions.value(
                LIKED,
                "N",
                "amazon: the least rating that is a click (default " + LIKED_DEFAULT + ")"));
  }

  @Override
  public Work prepare(Configuration conf, CommandLine line) throws IOException, UsageException {
    AmazonSource source =
        new AmazonSource(
            ImportOptions.path(conf, line, REVIEWS),
            ImportOptions.optionalPath(conf, line, METADATA),
            ImportOptions.optionalPath(conf, line, IMAGES),
            vectors(conf, line),
            liked(line));
    return (target, progress) -> new AmazonImporter(conf).run(source, target, progress);
  }

  private static Optional<AmazonVectors> vectors(Configuration conf, CommandLine line)
      throws IOException, UsageException {
    if (!line.hasOption(IMAGE_FEATURES)) {
      return Optional.empty();
    }
    DicmConfiguration settings = DicmConfiguration.of(conf);
    String date =
        line.hasOption(DATE)
            ? ImportOptions.required(line, DATE)
            : settings.required(DicmKeys.RUN_DATE);
    try {
      LocalDate unused = LocalDate.parse(date);
    } catch (DateTimeException e) {
      throw new UsageException("--" + DATE + " was '" + date + "', needed YYYY-MM-DD");
    }
    return Optional.of(
        new AmazonVectors(
            ImportOptions.path(conf, line, IMAGE_FEATURES),
            new Workspace(PathArgument.parse(settings.required(DicmKeys.WORKSPACE_PATH))),
            date));
  }

  private static double liked(CommandLine line) throws UsageException {
    String liked = line.getOptionValue(LIKED, LIKED_DEFAULT);
    if (!liked.matches("[1-5](\\.[0-9])?")) {
      throw new UsageException("--" + LIKED + " was '" + liked + "', needed a rating, 1 to 5");
    }
    return Double.parseDouble(liked);
  }
}
