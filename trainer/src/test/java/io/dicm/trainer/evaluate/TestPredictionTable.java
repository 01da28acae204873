package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.parquet.ParquetTableWriter;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestPredictionTable {
  @TempDir private java.nio.file.Path directory;

  @Test
  void givesBackEveryValueWritten() throws IOException {
    Configuration conf = new Configuration(false);
    Path file = new Path(new Path(directory.toUri()), "part-0.parquet");
    Prediction first =
        new Prediction(
            "i-1",
            "u-1",
            "a",
            "shoes",
            7L << 33,
            1,
            0.1 + 0.2,
            new SliceKeys(1L << 40, 6, 5, true));
    Prediction second =
        new Prediction("i-2", "u-\u00e9", "b", "", 0, 0, 1e-300, new SliceKeys(0, 0, 0, false));
    try (ParquetTableWriter<Prediction> writer = PredictionTable.writer(conf, file)) {
      writer.write(first);
      writer.write(second);
    }

    assertThat(PredictionRows.read(conf, file)).containsExactly(first, second);
  }
}
