package io.dicm.trainer.importer;

import io.dicm.common.layout.Workspace;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * The files of an import of Amazon reviews.
 *
 * @param reviews one JSON object a line, gzip or not: reviewerID, asin, overall (1 to 5),
 *     unixReviewTime (seconds)
 * @param metadata likewise, or as Python prints a dict: asin, categories or category, brand, price
 * @param pictures a folder of {@code <asin>.<jpg, png, ...>}
 * @param vectors {@link AmazonImageFeatures}, for the feature store
 * @param liked the least rating that is a click
 */
public record AmazonSource(
    Path reviews,
    Optional<Path> metadata,
    Optional<Path> pictures,
    Optional<AmazonVectors> vectors,
    double liked) {

  /**
   * Where vectors come from and go to.
   *
   * @param file of image features
   * @param workspace whose feature store gets them
   * @param date day of the partition, YYYY-MM-DD
   */
  public record AmazonVectors(Path file, Workspace workspace, String date) {}
}
