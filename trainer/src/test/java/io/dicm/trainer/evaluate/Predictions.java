package io.dicm.trainer.evaluate;

import io.dicm.common.parquet.ParquetTableWriter;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Makes predictions for tests. */
public final class Predictions {
  /** Of an item seen before, by a user with behaviours, with a picture. */
  public static final SliceKeys KEYS = new SliceKeys(3, 5, 7, true);

  private Predictions() {}

  /** A prediction of which only this matters. */
  public static Prediction of(String id, String user, int label, double probability) {
    return of(id, user, label, probability, "", KEYS);
  }

  static Prediction of(
      String id, String user, int label, double probability, String category, SliceKeys keys) {
    return new Prediction(id, user, "a", category, 0, label, probability, keys);
  }

  /** Writes one file. */
  public static void write(Configuration conf, Path file, List<Prediction> rows)
      throws IOException {
    try (ParquetTableWriter<Prediction> writer = PredictionTable.writer(conf, file)) {
      for (Prediction row : rows) {
        writer.write(row);
      }
    }
  }
}
