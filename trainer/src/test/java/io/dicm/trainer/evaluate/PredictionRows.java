package io.dicm.trainer.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetReader;

/** Reads files of predictions as the evaluation's job does. */
public final class PredictionRows {
  private PredictionRows() {}

  /** One file's rows in order. */
  public static List<Prediction> read(Configuration conf, Path file) throws IOException {
    List<Prediction> rows = new ArrayList<>();
    try (ParquetReader<Prediction> in =
        ParquetReader.builder(new PredictionReadSupport(), file).withConf(conf).build()) {
      for (Prediction row = in.read(); row != null; row = in.read()) {
        rows.add(row);
      }
    }
    return rows;
  }
}
