package io.dicm.feature.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestParquetSource {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          "message pictures { optional binary bytes; required int64 shop; "
              + "optional binary image_id (UTF8); }");

  @TempDir Path folder;
  private Configuration conf;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() {
    conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_IMAGES, folder.toUri().toString());
  }

  /** A row; null: the column has no value. */
  private record Row(String imageId, String content) {}

  @Test
  void everyRowIsInOneOfTheRowGroups() throws IOException {
    Map<String, String> images = new TreeMap<>();
    for (int i = 0; i < 400; i++) {
      images.put("image/" + i, ("picture " + i).repeat(i % 50));
    }
    write(
        "part-0.parquet",
        images.entrySet().stream().map(e -> new Row(e.getKey(), e.getValue())).toList());
    write("more/part-1.parquet", List.of(new Row("other", "x")));

    ImageSource source = ImageSources.of(conf);

    assertThat(source).isInstanceOf(ParquetSource.class);
    List<SourcePiece> pieces = SourceContents.pieces(source);
    assertThat(pieces).hasSizeGreaterThan(3);
    assertThat(source.countsImages()).isTrue();
    assertThat(pieces.stream().mapToLong(SourcePiece::images).sum()).isEqualTo(401);
    images.put("other", "x");
    assertThat(SourceContents.of(source)).isEqualTo(images);
  }

  @Test
  void aPictureWithoutBytesIsEmptyAndALargeOneIsRejected() throws IOException {
    conf.setLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES, 5);
    write("a", List.of(new Row("none", null), new Row("large", "123456"), new Row("ok", "1")));

    assertThat(SourceContents.of(ImageSources.of(conf)))
        .isEqualTo(Map.of("none", "", "large", "6 bytes, allowed 5", "ok", "1"));
  }

  @Test
  void columnsHaveTheNamesOfTheSettings() throws IOException {
    write("a", List.of(new Row("1", "x")));
    conf.set(DicmKeys.EXTRACT_BYTES_COLUMN, "picture");

    assertInvalid("it has no column picture, only [bytes, shop, image_id]");
    conf.set(DicmKeys.EXTRACT_BYTES_COLUMN, "shop");
    assertInvalid("column shop is 'required int64 shop', needed one binary a row");
  }

  @Test
  void aRowGroupHasWhatAllElseInTheHeapLeaves() throws IOException {
    assertThat(MapHeap.of(2560).rowGroupMb()).as("with Parquet's usual 128").isEqualTo(139);
    assertThat(MapHeap.of(640).rowGroupMb()).isEqualTo(24);
    assertThat(MapHeap.of(100).rowGroupMb()).isZero();
    Random random = new Random(1);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      StringBuilder text = new StringBuilder();
      for (int letter = 0; letter < 100_000; letter++) {
        text.append((char) (' ' + random.nextInt(64)));
      }
      rows.add(new Row("image-" + i, text.toString()));
    }
    write("a", rows);
    assertThat(SourceContents.of(ImageSources.of(conf))).hasSize(30);
    conf.setInt(DicmKeys.EXTRACT_MAP_MEMORY_MB, 564);

    assertInvalid(
        " bytes of images, allowed 1048576, since a map task holds it in its heap of 282 MiB");
  }

  @Test
  void aRowWithoutImageIdIsNamed() throws IOException {
    write("a", List.of(new Row("1", "x"), new Row(null, "y")));

    assertInvalid("row 2 of a row group has no value in column image_id");
  }

  @Test
  void aFileThatIsNotWholeIsNamed() throws IOException {
    write("a", List.of(new Row("1", "x")));
    Files.write(folder.resolve("a"), new byte[] {'P', 'A', 'R', '1', 0, 0});
    Files.deleteIfExists(folder.resolve(".a.crc"));

    assertInvalid("it is not a whole Parquet file");
  }

  private void assertInvalid(String why) {
    assertThatThrownBy(() -> SourceContents.of(ImageSources.of(conf)))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining(why);
  }

  private void write(String name, List<Row> rows) throws IOException {
    try (ParquetTableWriter<Row> writer =
        new ParquetTableWriter<>(
            conf,
            new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()),
            SCHEMA,
            (out, row) -> {
              RowFields.string(out, "bytes", 0, row.content());
              RowFields.int64(out, "shop", 1, 7);
              RowFields.string(out, "image_id", 2, row.imageId());
            },
            Map.of(),
            builder -> builder.withRowGroupRowCountLimit(100))) {
      for (Row row : rows) {
        writer.write(row);
      }
    }
  }
}
