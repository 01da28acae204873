package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTables;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** What a run predicts, from its files. */
final class PredictedRows {
  private PredictedRows() {}

  /** Probabilities by impression; fails where a directory is not complete or has one twice. */
  static Map<String, Double> read(Configuration conf, Path directory) throws IOException {
    assertThat(DirectoryPublisher.isComplete(conf, directory)).isTrue();
    Map<String, Double> rows = new TreeMap<>();
    for (FileStatus file : ParquetTables.files(conf, directory)) {
      ParquetTables.read(
          conf,
          file.getPath(),
          row ->
              assertThat(
                      rows.put(
                          String.valueOf(row.getValueToString(0, 0)),
                          Double.valueOf(
                              row.getValueToString(row.getType().getFieldIndex("probability"), 0))))
                  .as("an impression scored twice")
                  .isNull());
    }
    return rows;
  }
}
