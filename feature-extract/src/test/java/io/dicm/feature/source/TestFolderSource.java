package io.dicm.feature.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.decode.RejectionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestFolderSource {
  @TempDir Path folder;
  private Configuration conf;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() {
    conf = new Configuration();
    conf.set(DicmKeys.EXTRACT_IMAGES, folder.resolve("images").toUri().toString());
  }

  @Test
  void theImageIdIsThePathWithoutItsLastExtension() {
    assertThat(FolderSource.imageId("a.jpg")).isEqualTo("a");
    assertThat(FolderSource.imageId("v1.2.png")).isEqualTo("v1.2");
    assertThat(FolderSource.imageId("plain")).isEqualTo("plain");
    assertThat(FolderSource.imageId("shoes/red/a.jpg")).isEqualTo("shoes/red/a");
    assertThat(FolderSource.imageId("v1.2/plain")).isEqualTo("v1.2/plain");
  }

  @Test
  void listsSubfoldersAndLeavesHiddenFilesOut() throws IOException {
    write("a.jpg", "1");
    write("shoes/b.png", "22");
    write("shoes/red/c.png", "333");
    write("shoes/_temporary/d.png", "4444");
    write(".trash/e.png", "55555");
    write("_SUCCESS", "");

    assertThat(images()).isEqualTo(Map.of("a", "1", "shoes/b", "22", "shoes/red/c", "333"));
  }

  @Test
  void readsAnArchive() throws IOException {
    Path archive = folder.resolve("pictures.har");
    HadoopArchive.write(archive, Map.of("a.jpg", "one", "shoes/b.png", "second"));
    conf.set("fs.defaultFS", "file:///");
    conf.set(DicmKeys.EXTRACT_IMAGES, "har://" + archive);

    assertThat(ImageSources.of(conf)).isInstanceOf(FolderSource.class);
    assertThat(images()).isEqualTo(Map.of("a", "one", "shoes/b", "second"));
  }

  @Test
  void aFileThatIsGoneIsRejected() throws IOException {
    write("a.jpg", "1");
    ImageSource source = ImageSources.of(conf);
    List<SourcePiece> pieces = new ArrayList<>();
    source.list(pieces::add);
    Files.delete(folder.resolve("images/a.jpg"));

    try (ImageCursor cursor = source.open(pieces.get(0))) {
      SourceImage image = cursor.next().orElseThrow();
      assertThat(image.imageId()).isEqualTo("a");
      assertThat(image.rejection().orElseThrow().reason()).isEqualTo(RejectionReason.VANISHED);
      assertThat(cursor.next()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"missing-block", "not-allowed", "not-allowed-locally"})
  void aFileThatCannotBeReadIsRejected(String trouble) throws IOException {
    TroubledFileSystem.use(conf);
    write(trouble, "1");

    SourceImage image = onlyImage();

    assertThat(image.imageId()).isEqualTo(trouble);
    assertThat(image.rejection().orElseThrow().reason()).isEqualTo(RejectionReason.UNREADABLE_FILE);
    assertThat(image.rejection().orElseThrow().detail()).contains("Exception: ");
  }

  @Test
  void aFileWhoseChecksumDoesNotFitIsRejected() throws IOException {
    org.apache.hadoop.fs.Path file =
        new org.apache.hadoop.fs.Path(folder.resolve("images/a.jpg").toUri());
    try (var out = file.getFileSystem(conf).create(file)) {
      out.writeBytes("what was written");
    }
    Files.writeString(folder.resolve("images/a.jpg"), "what is read now");

    assertThat(onlyImage().rejection().orElseThrow())
        .satisfies(r -> assertThat(r.reason()).isEqualTo(RejectionReason.UNREADABLE_FILE))
        .satisfies(r -> assertThat(r.detail()).startsWith("ChecksumException: "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"refused", "safe-mode", "no-more-disk"})
  void aFileSystemThatCannotReadFailsTheTask(String trouble) throws IOException {
    TroubledFileSystem.use(conf);
    write(trouble, "1");

    assertThatThrownBy(this::onlyImage)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(trouble);
  }

  @Test
  void theKindOfSourceIsSeenInAFileThatCanBeRead() throws IOException {
    TroubledFileSystem.use(conf);
    write("missing-block", "1");
    assertThat(ImageSources.of(conf)).isInstanceOf(FolderSource.class);
    write("sequence-file", "SEQ6");

    assertThat(ImageSources.of(conf)).isInstanceOf(SequenceFileSource.class);
  }

  private SourceImage onlyImage() throws IOException {
    conf.set(DicmKeys.EXTRACT_SOURCE, "folder");
    ImageSource source = ImageSources.of(conf);
    List<SourcePiece> pieces = new ArrayList<>();
    source.list(pieces::add);
    try (ImageCursor cursor = source.open(pieces.get(0))) {
      return cursor.next().orElseThrow();
    }
  }

  @Test
  void aLargeFileIsRejectedEvenWhenItGrewAfterTheListing() throws IOException {
    conf.setLong(DicmKeys.EXTRACT_MAX_IMAGE_BYTES, 5);
    write("large.jpg", "123456");
    write("grows.jpg", "12345");
    ImageSource source = ImageSources.of(conf);
    List<SourcePiece> pieces = new ArrayList<>();
    source.list(pieces::add);
    write("grows.jpg", "1234567");

    for (SourcePiece piece : pieces) {
      try (ImageCursor cursor = source.open(piece)) {
        assertThat(cursor.next().orElseThrow().rejection().orElseThrow().detail())
            .as(piece.name())
            .isEqualTo("6 bytes, allowed 5");
      }
    }
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> ImageSources.of(conf))
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_MISSING))
        .hasMessageMatching("Cannot extract images: there is no directory file:.*/images\\.");
  }

  /** Contents by image_id. */
  private Map<String, String> images() throws IOException {
    return SourceContents.of(ImageSources.of(conf));
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve("images").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
