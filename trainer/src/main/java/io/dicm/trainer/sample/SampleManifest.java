package io.dicm.trainer.sample;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * What a samples directory holds: {@code _manifest.json}.
 *
 * @param formatVersion of the sample files; 0 in the manifests of older versions
 * @param schemaDigest of the features that the samples were made with
 * @param split the rule that told training from test, as configured
 * @param maxBehaviors most behaviours of a sample
 * @param windowDays days in which behaviours count, 0 for any age
 * @param sharedImages the table of near-duplicates whose groups have one key, empty for none
 * @param itemHoldoutFraction share of the items that training never saw
 * @param negativeKeepFraction share of the training impressions without a click that were kept
 * @param minDwellSeconds least dwell time of a behaviour, 0 for any
 * @param seed of the choice of items and impressions
 * @param trainFrom the day before which impressions were left out of training, empty for none;
 *     empty in the manifests of older versions
 * @param inputFromDate the first day of the input's partitions that was asked for, empty for the
 *     beginning; empty in the manifests of older versions
 * @param inputToDate the last one, empty for the end; empty in the manifests of older versions
 * @param train totals of {@code train/}
 * @param test totals of {@code test/}
 * @param leftOut good impressions and behaviours that the settings left out, by reason
 * @param tables totals of the input's tables that have rows, by file name; the places of rows left
 *     out are in {@code rejects/}
 */
public record SampleManifest(
    int formatVersion,
    String schemaDigest,
    String split,
    int maxBehaviors,
    int windowDays,
    String sharedImages,
    double itemHoldoutFraction,
    double negativeKeepFraction,
    int minDwellSeconds,
    long seed,
    String trainFrom,
    String inputFromDate,
    String inputToDate,
    SplitTotals train,
    SplitTotals test,
    Map<String, Long> leftOut,
    Map<String, TableTotals> tables) {
  /** The file's name in the samples directory. */
  public static final String FILE = "_manifest.json";

  /** The version that this software writes and reads. */
  public static final int FORMAT_VERSION = SampleFormat.FORMAT_VERSION;

  public SampleManifest {
    sharedImages = sharedImages == null ? "" : sharedImages;
    trainFrom = trainFrom == null ? "" : trainFrom;
    inputFromDate = inputFromDate == null ? "" : inputFromDate;
    inputToDate = inputToDate == null ? "" : inputToDate;
    leftOut = leftOut == null ? Map.of() : Map.copyOf(leftOut);
    tables = Map.copyOf(tables);
  }

  /** Rows of one table, bad ones included; 0 when there is no such table. */
  public long rows(String table) {
    return tables.containsKey(table) ? tables.get(table).rows() : 0;
  }

  /** Rows left out of all tables, by reason. */
  public Map<String, Long> rejects() {
    Map<String, Long> sums = new TreeMap<>();
    tables
        .values()
        .forEach(table -> table.rejects().forEach((why, rows) -> sums.merge(why, rows, Long::sum)));
    return sums;
  }

  /**
   * Reads the manifest of a samples directory, the one above {@code train/} and {@code test/}.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is none or it is not readable,
   *     {@link ErrorCode#INPUT_INVALID} when the samples are of another format
   */
  public static SampleManifest read(Configuration conf, Path samples) {
    SampleManifest manifest =
        new JsonFiles(conf)
            .read(new Path(samples, FILE), SampleManifest.class, ErrorCode.INPUT_MISSING);
    if (manifest.formatVersion() != FORMAT_VERSION) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot use the samples in "
              + samples
              + ": they were made by another version of DICM, known is format "
              + FORMAT_VERSION
              + ". Make the samples again.");
    }
    return manifest;
  }

  public void write(Configuration conf, Path samples) throws IOException {
    new JsonFiles(conf).write(new Path(samples, FILE), this);
  }

  /**
   * Refuses samples that were made with other features.
   *
   * @throws DicmException {@link ErrorCode#SCHEMA_MISMATCH}
   */
  public void requireSchema(FeatureSchema schema, Path samples) {
    if (!schemaDigest.equals(schema.digest())) {
      throw new DicmException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use the samples in "
              + samples
              + ": they were made with features of digest "
              + schemaDigest
              + ", features.json now has "
              + schema.digest()
              + ". Make the samples again.");
    }
  }
}
