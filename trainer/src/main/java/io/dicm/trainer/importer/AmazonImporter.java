package io.dicm.trainer.importer;

import com.fasterxml.jackson.databind.JsonNode;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.progress.ProgressListener;
import io.dicm.trainer.input.InputLayout;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import io.dicm.trainer.schema.NumberBuckets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Turns Amazon reviews into the input layout: a rating of {@code liked} or more is a click. All
 * files are read as streams; names of the log's users and items are in memory, about 100 bytes
 * each. A line of reviews:
 *
 * <pre>
 * {"reviewerID": "A2SUAM1J3GNN3B", "asin": "0000013714", "overall": 5.0, "unixReviewTime": 1252800000}
 * </pre>
 *
 * and one of metadata, in JSON or as Python prints it:
 *
 * <pre>
 * {'asin': '0000031852', 'price': 3.17, 'brand': 'Coxlures', 'categories': [['Sports', 'Dance']]}
 * </pre>
 *
 * Products without a review are left out. The image_id of a product is its asin where it has a
 * picture or a vector, and empty otherwise.
 */
public final class AmazonImporter {
  private static final double PRICE_BASE = 2;

  private final Configuration conf;

  public AmazonImporter(Configuration conf) {
    this.conf = conf;
  }

  /**
   * Imports and publishes; vectors are published before the input.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} or {@link ErrorCode#INPUT_INVALID} with
   *     file and line or byte, {@link ErrorCode#OUTPUT_EXISTS}
   */
  public ImportSummary run(AmazonSource source, ImportTarget target, ProgressListener progress)
      throws IOException, InterruptedException {
    try (DirectoryPublisher publisher = target.open(conf)) {
      InputLayout layout = new InputLayout(publisher.staging());
      ImportTotals totals = new ImportTotals();
      writeImpressions(source, layout.impressions(), totals);
      PictureFolder pictures =
          source.pictures().isPresent()
              ? PictureFolder.of(conf, source.pictures().get(), totals.items())
              : PictureFolder.empty(conf);
      Set<String> pictured = new HashSet<>(pictures.items());
      if (source.vectors().isPresent()) {
        pictured.addAll(
            new AmazonVectorImport(conf, source.vectors().get()).run(totals.items(), progress));
      }
      long items = writeItems(source.metadata(), layout.items(), totals.items(), pictured);
      schema(source.metadata().isPresent()).write(conf, layout.features());
      if (source.pictures().isPresent()) {
        pictures.copyTo(layout.images(), progress);
      }
      new ImportCheck(conf).check(layout);
      publisher.publish();
      return totals.summary(items, pictured.size());
    }
  }

  private void writeImpressions(AmazonSource source, Path to, ImportTotals totals)
      throws IOException {
    try (JsonLines reviews = new JsonLines(conf, source.reviews());
        CsvOutput out = new CsvOutput(conf, to, "user_id", "item_id", "ts", "label")) {
      for (JsonNode review = reviews.next(); review != null; review = reviews.next()) {
        String user = reviews.text(review, "reviewerID");
        String item = reviews.text(review, "asin");
        boolean click = reviews.number(review, "overall") >= source.liked();
        long timestampSeconds = (long) reviews.number(review, "unixReviewTime");
        totals.add(user, item, click);
        out.row(user, item, Long.toString(timestampSeconds), click ? "1" : "0");
      }
    }
    if (totals.items().isEmpty()) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID, "Cannot import " + source.reviews() + ": it has no review.");
    }
  }

  /** Reviewed products as the metadata has them, then those that it lacks. */
  private long writeItems(
      Optional<Path> metadata, Path to, Set<String> reviewed, Set<String> pictured)
      throws IOException {
    Set<String> left = new HashSet<>(reviewed);
    try (CsvOutput out =
        new CsvOutput(conf, to, "item_id", "image_id", "category", "brand", "price")) {
      if (metadata.isPresent()) {
        try (JsonLines products = new JsonLines(conf, metadata.get())) {
          for (JsonNode line = products.next(); line != null; line = products.next()) {
            String asin = products.text(line, "asin");
            if (left.remove(asin)) {
              writeItem(out, asin, AmazonProduct.of(line), pictured);
            }
          }
        }
        requireSome(metadata.get(), left, reviewed);
      }
      left.stream().sorted().forEach(asin -> writeItem(out, asin, AmazonProduct.UNKNOWN, pictured));
    }
    return reviewed.size();
  }

  private static void requireSome(Path metadata, Set<String> left, Set<String> reviewed) {
    if (left.size() == reviewed.size()) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot import "
              + metadata
              + ": it has no product of the reviews. Reviews and metadata are of different"
              + " departments.");
    }
  }

  private static void writeItem(
      CsvOutput out, String asin, AmazonProduct product, Set<String> pictured) {
    out.row(
        asin,
        pictured.contains(asin) ? asin : "",
        product.categories(),
        product.brand(),
        product.price());
  }

  private static FeatureSchema schema(boolean metadata) {
    List<FeatureField> fields =
        new ArrayList<>(
            List.of(
                new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
                new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
                new FeatureField("image_id", FeatureSide.ITEM, FeatureKind.ID, true, false)));
    if (metadata) {
      fields.add(new FeatureField("category", FeatureSide.ITEM, FeatureKind.IDS, false, true));
      fields.add(new FeatureField("brand", FeatureSide.ITEM, FeatureKind.ID, false, false));
      fields.add(
          new FeatureField(
              "price",
              FeatureSide.ITEM,
              FeatureKind.NUMBER,
              false,
              false,
              Optional.of(new NumberBuckets.Log(PRICE_BASE)),
              0));
    }
    return FeatureSchema.of(fields, "Amazon reviews");
  }
}
