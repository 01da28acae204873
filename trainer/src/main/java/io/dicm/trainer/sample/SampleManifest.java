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
 * @param schemaDigest of the features that the samples were made with
 * @param split the rule that told training from test, as configured
 * @param maxBehaviors most behaviours of a sample
 * @param windowDays days in which behaviours count, 0 for any age
 * @param sharedImages the table of near-duplicates whose groups have one key, empty for none
 * @param train totals of {@code train/}
 * @param test totals of {@code test/}
 * @param leftOut good impressions and behaviours that the settings left out, by reason
 * @param tables totals of the input's tables that have rows, by file name; the places of rows left
 *     out are in {@code rejects/}
 */
public record SampleManifest(
    String schemaDigest,
    String split,
    int maxBehaviors,
    int windowDays,
    String sharedImages,
    SplitTotals train,
    SplitTotals test,
    Map<String, Long> leftOut,
    Map<String, TableTotals> tables) {
  /** The file's name in the samples directory. */
  public static final String FILE = "_manifest.json";

  public SampleManifest {
    sharedImages = sharedImages == null ? "" : sharedImages;
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
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when there is none or it is not readable
   */
  public static SampleManifest read(Configuration conf, Path samples) {
    return new JsonFiles(conf)
        .read(new Path(samples, FILE), SampleManifest.class, ErrorCode.INPUT_MISSING);
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
