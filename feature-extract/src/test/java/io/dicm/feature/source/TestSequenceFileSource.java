package io.dicm.feature.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.SequenceFile.CompressionType;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestSequenceFileSource {
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

  @ParameterizedTest
  @EnumSource(CompressionType.class)
  void everyRecordIsInOnePiece(CompressionType compression) throws IOException {
    Map<String, String> images = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      images.put("image/" + i, ("picture " + i).repeat(i % 50));
    }
    write("part-0", images, compression);
    write("more/part-1", Map.of("other", "x"), compression);
    conf.setInt(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 40);

    ImageSource source = ImageSources.of(conf);

    assertThat(source).isInstanceOf(SequenceFileSource.class);
    assertThat(SourceContents.pieces(source))
        .as("ranges of the large file and the small one")
        .hasSizeGreaterThan(compression == CompressionType.BLOCK ? 1 : 9);
    images.put("other", "x");
    assertThat(SourceContents.of(source)).isEqualTo(images);
  }

  @Test
  void piecesCoverTheFileAndAreEstimated() throws IOException {
    Map<String, String> images = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      images.put("image-" + (1000 + i), "x".repeat(1000));
    }
    write("part-0", images, CompressionType.NONE);
    conf.setInt(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 300);

    ImageSource source = ImageSources.of(conf);
    List<SourcePiece> pieces = SourceContents.pieces(source);

    assertThat(source.countsImages()).isFalse();
    assertThat(pieces).hasSize(4);
    assertThat(pieces.stream().mapToLong(SourcePiece::images).sum()).isBetween(990L, 1010L);
    assertThat(pieces.stream().mapToLong(SourcePiece::length).sum())
        .isEqualTo(Files.size(folder.resolve("part-0")));
  }

  @Test
  void aLargePictureIsRejectedWithoutHarmToTheNext() throws IOException {
    conf.setLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES, 5);
    for (CompressionType compression : CompressionType.values()) {
      write("part-0", new TreeMap<>(Map.of("a", "12345", "b", "123456", "c", "1")), compression);

      assertThat(SourceContents.of(ImageSources.of(conf)))
          .isEqualTo(Map.of("a", "12345", "b", "6 bytes, allowed 5", "c", "1"));
    }
  }

  @Test
  void otherTypesAreRefused() throws IOException {
    try (SequenceFile.Writer writer = writer("part-0", BytesWritable.class, CompressionType.NONE)) {
      writer.append(new BytesWritable(), new BytesWritable());
    }

    assertInvalid("BytesWritable and org.apache.hadoop.io.BytesWritable, needed Text and");
  }

  @Test
  void aFileOfAnotherKindBesideIsRefused() throws IOException {
    write("part-0", Map.of("a", "1"), CompressionType.NONE);
    Files.writeString(folder.resolve("part-1"), "a text of some length, at least");
    conf.set(DicmKeys.EXTRACT_SOURCE, "sequence-file");

    assertInvalid("part-1: it is no SequenceFile");
  }

  @Test
  void aCutFileIsNamed() throws IOException {
    write("part-0", Map.of("a", "x".repeat(5000)), CompressionType.NONE);
    Path file = folder.resolve("part-0");
    byte[] bytes = Files.readAllBytes(file);
    Files.deleteIfExists(folder.resolve(".part-0.crc"));
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 100));

    assertThatThrownBy(() -> SourceContents.of(ImageSources.of(conf)))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining("part-0: it is damaged");
  }

  @Test
  void aRecordWithoutImageIdIsNamed() throws IOException {
    write("part-0", Map.of("", "x"), CompressionType.NONE);

    assertThatThrownBy(() -> SourceContents.of(ImageSources.of(conf)))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("has no image_id");
  }

  private void assertInvalid(String why) {
    assertThatThrownBy(() -> SourceContents.of(ImageSources.of(conf)))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining(why);
  }

  private void write(String name, Map<String, String> images, CompressionType compression)
      throws IOException {
    try (SequenceFile.Writer writer = writer(name, Text.class, compression)) {
      for (Map.Entry<String, String> image : images.entrySet()) {
        writer.append(
            new Text(image.getKey()),
            new BytesWritable(image.getValue().getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  private SequenceFile.Writer writer(String name, Class<?> key, CompressionType compression)
      throws IOException {
    return SequenceFile.createWriter(
        conf,
        SequenceFile.Writer.file(new org.apache.hadoop.fs.Path(folder.resolve(name).toUri())),
        SequenceFile.Writer.keyClass(key),
        SequenceFile.Writer.valueClass(BytesWritable.class),
        SequenceFile.Writer.syncInterval(2000),
        SequenceFile.Writer.compression(compression));
  }
}
