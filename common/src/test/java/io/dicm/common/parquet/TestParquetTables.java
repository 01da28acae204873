package io.dicm.common.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestParquetTables {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message row {
            optional binary name (STRING);
            required int64 key;
            required int32 label;
            required double probability;
            required float weight;
            required group vector (LIST) { repeated group list { required float element; } }
            required group keys (LIST) { repeated group list { required int64 element; } }
          }
          """);

  private final Configuration conf = new Configuration();

  @TempDir java.nio.file.Path folder;

  record Row(
      String name,
      long key,
      int label,
      double probability,
      float weight,
      List<Float> vector,
      List<Long> keys) {}

  @Test
  void rowsComeBackAsWritten() throws IOException {
    List<Row> rows = new ArrayList<>();
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      rows.add(row(random, i));
    }

    try (ParquetTableWriter<Row> writer = writer("part-0.parquet", Map.of())) {
      for (Row row : rows) {
        writer.write(row);
      }
      assertThat(writer.rows()).isEqualTo(500);
    }

    List<Row> read = new ArrayList<>();
    long count = ParquetTables.read(conf, path("part-0.parquet"), group -> read.add(parse(group)));
    assertThat(count).isEqualTo(500);
    assertThat(read).isEqualTo(rows);
  }

  @Test
  void floatsCanBeCutFromAWiderArray() throws IOException {
    RowWriter<float[]> slice = (out, all) -> RowFields.floats(out, "vector", 0, all, 2, 3);
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message m { required group vector (LIST)"
                + " { repeated group list { required float element; } } }");
    try (ParquetTableWriter<float[]> writer =
        new ParquetTableWriter<>(conf, path("slice.parquet"), schema, slice)) {
      writer.write(new float[] {0, 1, 2, 3, 4, 5});
    }

    List<List<Float>> vectors = new ArrayList<>();
    ParquetTables.read(conf, path("slice.parquet"), group -> vectors.add(floats(group, "vector")));
    assertThat(vectors).containsExactly(List.of(2f, 3f, 4f));
  }

  @Test
  void filesAreZstdWithMetadata() throws IOException {
    try (ParquetTableWriter<Row> writer = writer("part-0.parquet", Map.of("dicm.run", "r1"))) {
      writer.write(row(new Random(1), 1));
    }

    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path("part-0.parquet"), conf))) {
      ParquetMetadata footer = reader.getFooter();
      assertThat(footer.getFileMetaData().getKeyValueMetaData()).containsEntry("dicm.run", "r1");
      assertThat(footer.getBlocks().get(0).getColumns())
          .allMatch(column -> column.getCodec() == CompressionCodecName.ZSTD);
    }
  }

  @Test
  void anEmptyTableIsAFile() throws IOException {
    writer("part-0.parquet", Map.of()).close();

    assertThat(ParquetTables.read(conf, path("part-0.parquet"), group -> {})).isZero();
  }

  @Test
  void writingAgainReplaces() throws IOException {
    for (int round = 0; round < 2; round++) {
      try (ParquetTableWriter<Row> writer = writer("part-0.parquet", Map.of())) {
        writer.write(row(new Random(round), 1));
      }
    }

    List<Long> keys = new ArrayList<>();
    ParquetTables.read(conf, path("part-0.parquet"), group -> keys.add(group.getLong("key", 0)));
    assertThat(keys).containsExactly(row(new Random(1), 1).key());
  }

  @Test
  void listsTablesFilesByName() throws IOException {
    for (String name : List.of("part-1.parquet", "part-0.parquet", "_part-2.parquet", "_SUCCESS")) {
      path(name).getFileSystem(conf).create(path(name)).close();
    }
    path("sub.parquet").getFileSystem(conf).mkdirs(path("sub.parquet"));

    assertThat(ParquetTables.files(conf, path(".")))
        .extracting(file -> file.getPath().getName())
        .containsExactly("part-0.parquet", "part-1.parquet");
  }

  @Test
  void missingDirectoryIsAnError() {
    assertThatThrownBy(() -> ParquetTables.files(conf, path("none")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("none");
  }

  private ParquetTableWriter<Row> writer(String name, Map<String, String> metadata)
      throws IOException {
    return new ParquetTableWriter<>(
        conf, path(name), SCHEMA, TestParquetTables::write, metadata, builder -> builder);
  }

  private static void write(RecordConsumer out, Row row) {
    RowFields.string(out, "name", 0, row.name());
    RowFields.int64(out, "key", 1, row.key());
    RowFields.int32(out, "label", 2, row.label());
    RowFields.float64(out, "probability", 3, row.probability());
    out.startField("weight", 4);
    out.addFloat(row.weight());
    out.endField("weight", 4);
    float[] vector = new float[row.vector().size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = row.vector().get(i);
    }
    RowFields.floats(out, "vector", 5, vector, 0, vector.length);
    RowFields.longs(out, "keys", 6, row.keys().stream().mapToLong(Long::longValue).toArray());
  }

  private static Row row(Random random, int index) {
    return new Row(
        index % 7 == 0 ? null : "name-ü-" + index,
        index == 0 ? 0 : random.nextLong(),
        index % 2,
        random.nextDouble(),
        random.nextFloat(),
        random.doubles(index % 20).mapToObj(value -> (float) value).toList(),
        random.longs(index % 3).boxed().toList());
  }

  private static Row parse(Group group) {
    List<Long> keys = new ArrayList<>();
    Group list = group.getGroup("keys", 0);
    for (int i = 0; i < list.getFieldRepetitionCount("list"); i++) {
      keys.add(list.getGroup("list", i).getLong("element", 0));
    }
    return new Row(
        group.getFieldRepetitionCount("name") == 0 ? null : group.getString("name", 0),
        group.getLong("key", 0),
        group.getInteger("label", 0),
        group.getDouble("probability", 0),
        group.getFloat("weight", 0),
        floats(group, "vector"),
        keys);
  }

  private static List<Float> floats(Group group, String name) {
    List<Float> values = new ArrayList<>();
    Group list = group.getGroup(name, 0);
    for (int i = 0; i < list.getFieldRepetitionCount("list"); i++) {
      values.add(list.getGroup("list", i).getFloat("element", 0));
    }
    return values;
  }

  private Path path(String name) {
    return new Path(new Path(folder.toUri()), name);
  }
}
