package io.dicm.trainer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestSortedPredictionWriter {
  private static final List<String> USERS =
      List.of("", "Z", "a", "a1", "a\u00e9", "\uffee", "\ud83d\ude00", "\ud83d\ude00b");

  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path directory;

  /** More rows than are held, in no order at all, in several ascending parts, and in order. */
  @ParameterizedTest
  @ValueSource(ints = {1, 10, 1_000, 30_000, 60_000})
  void everyOrderOfRowsGivesTheSameFile(int ascending) throws IOException {
    List<Prediction> sorted = random(60_000);
    sorted.sort(byDefinition());
    List<Prediction> given = new ArrayList<>(sorted);
    Collections.shuffle(given, new Random(2));
    for (int from = 0; from < given.size(); from += ascending) {
      given.subList(from, Math.min(from + ascending, given.size())).sort(byDefinition());
    }

    assertThat(written(given)).isEqualTo(sorted);
    try (Stream<java.nio.file.Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("part-00000.parquet", ".part-00000.parquet.crc");
    }
  }

  @Test
  void noRowsAreAFileWithoutRows() throws IOException {
    assertThat(written(List.of())).isEmpty();
  }

  @Test
  void theFooterSaysWhatRowsAreSortedBy() throws IOException {
    written(random(3));
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file(), conf))) {
      assertThat(reader.getFooter().getFileMetaData().getKeyValueMetaData())
          .containsEntry("dicm.predictions.sorted-by", "user_id,ts,impression_id");
    }
  }

  private List<Prediction> written(List<Prediction> rows) throws IOException {
    try (SortedPredictionWriter out = new SortedPredictionWriter(conf, file())) {
      for (Prediction row : rows) {
        out.write(row);
      }
      assertThat(out.rows()).isEqualTo(rows.size());
    }
    return PredictionRows.read(conf, file());
  }

  private static List<Prediction> random(int count) {
    Random random = new Random(1);
    List<Prediction> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          new Prediction(
              Integer.toString(i),
              USERS.get(random.nextInt(USERS.size())) + random.nextInt(9),
              "a",
              "",
              random.nextInt(50) - 25,
              0,
              random.nextDouble(),
              Predictions.KEYS));
    }
    return all;
  }

  /** By the bytes of the texts themselves. */
  private static Comparator<Prediction> byDefinition() {
    return Comparator.comparing(
            (Prediction row) -> row.userId().getBytes(StandardCharsets.UTF_8),
            Arrays::compareUnsigned)
        .thenComparing(Prediction::timestampSeconds)
        .thenComparing(
            row -> row.impressionId().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
  }

  private Path file() {
    return new Path(new Path(directory.toUri()), "part-00000.parquet");
  }
}
