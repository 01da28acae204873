package io.dicm.feature.store;

import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.parquet.RowWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.bytedeco.javacpp.indexer.HalfIndexer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prints bytes of a vector and speeds of writing and reading for several ways to write the vectors
 * of a store; no test, and not run with the tests:
 *
 * <pre>
 * mvn test -pl feature-extract -am -Dtest=ReportFeatureFiles
 *   -Dsurefire.failIfNoSpecifiedTests=false
 *   -Ddicm.test.args=-Ddicm.report.features=EXTRACTOR_DIRECTORY
 * </pre>
 */
class ReportFeatureFiles {
  private static final String FEATURES = "dicm.report.features";
  private static final int MOST_VECTORS = 4000;
  private static final int ROUNDS = 3;
  private static final long ROW_GROUP_BYTES = 32L << 20;
  private static final String ELEMENT = "feature.list.element";
  private final Configuration conf = new Configuration();

  @TempDir java.nio.file.Path directory;

  /** How values become a column. */
  private enum Values {
    SINGLE("required float", ""),
    ROUNDED("required float", ""),
    HALF("required fixed_len_byte_array(2)", " (FLOAT16)");

    private final String type;
    private final String annotation;

    Values(String type, String annotation) {
      this.type = type;
      this.annotation = annotation;
    }

    private MessageType schema() {
      return MessageTypeParser.parseMessageType(
          "message vectors { required group feature (LIST) { repeated group list { "
              + type
              + " element"
              + annotation
              + "; } } }");
    }

    private RowWriter<float[]> writer() {
      return switch (this) {
        case SINGLE, ROUNDED ->
            (out, vector) -> RowFields.floats(out, "feature", 0, vector, 0, vector.length);
        case HALF ->
            (out, vector) ->
                RowFields.list(
                    out, "feature", 0, vector.length, i -> out.addBinary(half(vector[i])));
      };
    }

    private static Binary half(float value) {
      int bits = HalfIndexer.fromFloat(value);
      return Binary.fromConstantByteArray(new byte[] {(byte) bits, (byte) (bits >> 8)});
    }
  }

  @Test
  @EnabledIfSystemProperty(named = FEATURES, matches = ".+")
  void printSizesAndSpeeds() throws IOException {
    List<float[]> exact = vectors();
    List<float[]> rounded = exact.stream().map(ReportFeatureFiles::rounded).toList();
    long zeros = exact.stream().mapToLong(ReportFeatureFiles::zeros).sum();
    System.out.printf(
        Locale.ROOT,
        "%d vectors of %d values, %.0f %% of them zero%n",
        exact.size(),
        exact.get(0).length,
        100.0 * zeros / exact.size() / exact.get(0).length);
    for (Values values : Values.values()) {
      for (CompressionCodecName codec :
          List.of(
              CompressionCodecName.UNCOMPRESSED,
              CompressionCodecName.SNAPPY,
              CompressionCodecName.LZ4_RAW,
              CompressionCodecName.ZSTD)) {
        for (boolean split : new boolean[] {false, true}) {
          print(values, codec, split, values == Values.SINGLE ? exact : rounded);
        }
      }
    }
  }

  private void print(
      Values values, CompressionCodecName codec, boolean split, List<float[]> vectors)
      throws IOException {
    Path file = new Path(directory.resolve("vectors.parquet").toUri());
    double writeSeconds = Double.MAX_VALUE;
    double readSeconds = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      write(file, values, codec, split, vectors);
      writeSeconds = Math.min(writeSeconds, (System.nanoTime() - start) / 1e9);
      start = System.nanoTime();
      read(file, values, vectors.get(0).length);
      readSeconds = Math.min(readSeconds, (System.nanoTime() - start) / 1e9);
    }
    double rawMb = (double) vectors.size() * vectors.get(0).length * Float.BYTES / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%-8s %-12s %-12s %6.0f bytes a vector, raw vectors written at %4.0f MB/s, read at %4.0f%n",
        values,
        codec,
        split ? "byte-stream" : "plain",
        (double) Files.size(directory.resolve("vectors.parquet")) / vectors.size(),
        rawMb / writeSeconds,
        rawMb / readSeconds);
  }

  private void write(
      Path file, Values values, CompressionCodecName codec, boolean split, List<float[]> vectors)
      throws IOException {
    UnaryOperator<ParquetTableWriter.Builder<float[]>> tuning =
        builder ->
            builder
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withDictionaryEncoding(false)
                .withStatisticsEnabled(ELEMENT, false)
                .withCompressionCodec(codec)
                .withByteStreamSplitEncoding(ELEMENT, split);
    try (ParquetTableWriter<float[]> writer =
        new ParquetTableWriter<>(
            conf, file, values.schema(), values.writer(), java.util.Map.of(), tuning)) {
      for (float[] vector : vectors) {
        writer.write(vector);
      }
    }
  }

  /** Goes over every value, as a loading server does. */
  private void read(Path file, Values values, int dimension) throws IOException {
    try (ParquetFileReader parquet =
        ParquetFileReader.open(
            HadoopInputFile.fromPath(file, conf), HadoopReadOptions.builder(conf, file).build())) {
      for (PageReadStore group; (group = parquet.readNextRowGroup()) != null; ) {
        ColumnReader column =
            new ColumnReadStoreImpl(
                    group,
                    new io.dicm.common.parquet.IgnoringConverter(),
                    values.schema(),
                    parquet.getFileMetaData().getCreatedBy())
                .getColumnReader(values.schema().getColumnDescription(ELEMENT.split("\\.", -1)));
        float sum = 0;
        for (long i = 0; i < group.getRowCount() * dimension; i++) {
          sum += value(column, values);
          column.consume();
        }
        if (Float.isNaN(sum)) {
          throw new IllegalStateException("A value of " + file + " is no number");
        }
      }
    }
  }

  private static float value(ColumnReader column, Values values) {
    if (values != Values.HALF) {
      return column.getFloat();
    }
    byte[] bytes = column.getBinary().getBytesUnsafe();
    return HalfIndexer.toFloat((bytes[0] & 0xff) | (bytes[1] & 0xff) << 8);
  }

  private List<float[]> vectors() throws IOException {
    Path extractor = new Path(System.getProperty(FEATURES));
    List<float[]> vectors = new ArrayList<>();
    FeatureStore.open(conf, extractor)
        .snapshot()
        .scan(
            bucket -> true,
            image -> {
              if (vectors.size() < MOST_VECTORS) {
                vectors.add(image.feature());
              }
            });
    return vectors;
  }

  private static float[] rounded(float[] vector) {
    float[] rounded = vector.clone();
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = HalfIndexer.toFloat(HalfIndexer.fromFloat(rounded[i]));
    }
    return rounded;
  }

  private static long zeros(float[] vector) {
    long zeros = 0;
    for (float value : vector) {
      zeros += value == 0 ? 1 : 0;
    }
    return zeros;
  }
}
