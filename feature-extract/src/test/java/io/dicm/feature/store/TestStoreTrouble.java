package io.dicm.feature.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trouble with reading a store, which may pass, is not taken for damage; damage is. */
class TestStoreTrouble {
  private static final String NEWEST = "2026-01-02";

  @TempDir Path folder;
  private final Configuration conf = new Configuration();
  private FeatureStore store;

  @BeforeEach
  void publishTwoDays() throws IOException {
    store = store(conf);
    SmallExtraction extraction = new SmallExtraction(conf, store, SmallImages.extractor());
    extraction.publish("2026-01-01", SmallImages.of(0, 20, 1));
    extraction.publish(NEWEST, SmallImages.of(10, 30, 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dt=2026-01-02/part-", "/_index-", "/_replaced-"})
  void aDataFileThatCannotBeReadEndsTheRun(String text) {
    assertThatThrownBy(() -> load(FailingFileSystem.failingToOpen(conf, text)))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageContaining("is down");
  }

  @Test
  void aManifestThatCannotBeReadEndsTheRun() {
    Configuration failing = FailingFileSystem.failingToOpen(conf, NEWEST + "/_manifest.json");

    assertThatThrownBy(() -> load(failing))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageContaining("is down");
    assertError(() -> store(failing).snapshot(), ErrorCode.STORAGE_FAILED, "is down");
  }

  @Test
  void anotherDaysManifestThatCannotBeReadEndsTheRunToo() {
    Configuration failing = FailingFileSystem.failingToOpen(conf, NEWEST + "/_manifest.json");

    assertError(() -> load(failing, "2026-01-03"), ErrorCode.STORAGE_FAILED, "is down");
  }

  @Test
  void aDirectoryThatMustNotBeListedEndsTheRun() {
    assertThatThrownBy(() -> load(FailingFileSystem.failingToList(conf, "dt=2026-01-01")))
        .isInstanceOf(AccessControlException.class)
        .hasMessageContaining("is denied");
  }

  @Test
  void aWholeFileThatCannotBeReadWhenSumsAreMadeAnewEndsTheRun() throws IOException {
    Files.delete(dataFile(NEWEST, "part-"));

    assertThatThrownBy(() -> load(FailingFileSystem.failingToOpen(conf, "dt=2026-01-01/part-")))
        .isExactlyInstanceOf(IOException.class)
        .hasMessageContaining("is down");
    assertThat(load(conf).lost()).hasSize(20);
  }

  @Test
  void aReplacedManifestThatCannotBeReadKeepsExpiryFromDeleting() throws IOException {
    maintenance(conf, 0).compact(1, Set.of());
    Configuration failing = FailingFileSystem.failingToOpen(conf, "/_superseded-");

    assertError(() -> expire(failing, Duration.ofDays(1)), ErrorCode.STORAGE_FAILED, "is down");
  }

  @Test
  void verificationNamesWhatCannotBeRead() throws IOException {
    Configuration failing = FailingFileSystem.failingToOpen(conf, "dt=2026-01-01/part-");

    assertThat(maintenance(failing, 0).verify(NEWEST))
        .singleElement()
        .asString()
        .contains("dt=2026-01-01/part-", "cannot be read (the DataNode of");
  }

  @Test
  void aManifestOfANewerFormatIsNeitherPassedOverNorReplaced() throws IOException {
    String newer = makeNewer();

    assertError(
        () -> load(conf), ErrorCode.SCHEMA_MISMATCH, "its format version is 3, this version reads");
    assertError(
        () -> load(conf, "2026-01-03"),
        ErrorCode.SCHEMA_MISMATCH,
        "Use the version of the program");
    assertError(() -> maintenance(conf, 0).compact(1, Set.of()), ErrorCode.SCHEMA_MISMATCH, "is 3");
    assertError(() -> expire(conf, Duration.ofHours(1)), ErrorCode.SCHEMA_MISMATCH, "is 3");
    assertThat(Files.readString(manifest())).isEqualTo(newer);
  }

  @Test
  void aReplacedManifestOfANewerFormatStillProtectsItsFiles() throws IOException {
    Files.writeString(
        manifest().resolveSibling("_superseded-" + Long.MAX_VALUE + "-5f1c09aa.json"),
        Files.readString(manifest()).replace("\"formatVersion\" : 2", "\"formatVersion\" : 3"));

    assertError(() -> expire(conf, Duration.ofHours(1)), ErrorCode.SCHEMA_MISMATCH, "is 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "null", "{}", "{\"formatVersion\" : 2}", "[1]"})
  void aManifestOfOtherContentIsDamage(String content) throws IOException {
    replace(manifest(), content.getBytes(StandardCharsets.UTF_8));

    FeatureBase base = load(conf);

    assertThat(base.date()).contains("2026-01-01");
    assertThat(base.losesUnnamed()).isTrue();
    assertThat(base.isWhole()).isFalse();
  }

  @Test
  void aManifestThatFailsTheFileSystemsChecksumIsDamage() throws IOException {
    // Hadoop's checksum of the local file stays.
    Files.writeString(manifest(), Files.readString(manifest()).replace("digest", "digesT"));

    assertThat(load(conf).date()).contains("2026-01-01");
  }

  @Test
  void filesThatAreDamagedTogetherWithTheIndexLoseImagesWithoutNames() throws IOException {
    for (String date : List.of("2026-01-01", NEWEST)) {
      Files.delete(dataFile(date, "_index-"));
    }
    Files.delete(dataFile("2026-01-01", "part-"));

    FeatureBase base = load(conf);

    assertThat(base.entries()).hasSize(20);
    assertThat(base.imageCount()).isEqualTo(20);
    assertThat(base.losesUnnamed()).isTrue();
    assertError(
        () -> maintenance(conf, 0).compact(1, Set.of()),
        ErrorCode.STORE_CORRUPT,
        "files of its snapshot and the index are damaged");
  }

  private FeatureBase load(Configuration of) throws IOException {
    return load(of, NEWEST);
  }

  private FeatureBase load(Configuration of, String date) throws IOException {
    return FeatureBase.load(of, store(of), date, SmallImages.extractor(), Verification.LENGTHS);
  }

  private FeatureStore store(Configuration of) {
    return FeatureStore.open(
        of, new org.apache.hadoop.fs.Path(folder.resolve("x").toUri().toString()));
  }

  private FeatureMaintenance maintenance(Configuration of, int hoursLater) {
    return new FeatureMaintenance(
        of, store(of), Clock.offset(Clock.systemUTC(), Duration.ofHours(hoursLater)));
  }

  private void expire(Configuration of, Duration grace) throws IOException {
    maintenance(of, 2).expire(LocalDate.parse("2026-01-10"), 0, 0, grace.toMillis());
  }

  private String makeNewer() throws IOException {
    String newer =
        Files.readString(manifest())
            .replace("\"formatVersion\" : 2", "\"formatVersion\" : 3, \"unheardOf\" : [ 1 ]");
    replace(manifest(), newer.getBytes(StandardCharsets.UTF_8));
    return newer;
  }

  private Path manifest() {
    return folder.resolve("x/dt=" + NEWEST + "/_manifest.json");
  }

  private Path dataFile(String date, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("x/dt=" + date))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .findFirst()
          .orElseThrow();
    }
  }

  /** Writes past Hadoop, whose own checksum of the local file would find it first. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Files.deleteIfExists(file.resolveSibling("." + file.getFileName() + ".crc"));
    Files.write(file, bytes);
  }

  private static void assertError(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(DicmException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }
}
