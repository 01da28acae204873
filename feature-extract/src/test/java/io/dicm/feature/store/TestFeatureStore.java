package io.dicm.feature.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFeatureStore {
  private static final int DIMENSION = 50;

  @TempDir java.nio.file.Path folder;
  private final Configuration conf = new Configuration();
  private Workspace workspace;
  private FeatureStore store;

  @BeforeEach
  void open() {
    workspace = new Workspace(new Path(folder.toUri()));
    store = FeatureStore.open(conf, workspace.features("x"));
  }

  @Test
  void imagesComeBackAsTheyWere() throws IOException {
    List<FeatureRecord> images = images(2000);
    publish("2026-01-01", images, 3);

    List<FeatureRecord> read = read(TestFeatureStore::all);

    Comparator<FeatureRecord> byId = Comparator.comparing(FeatureRecord::imageId);
    assertThat(read.stream().sorted(byId).toList())
        .usingRecursiveFieldByFieldElementComparator()
        .isEqualTo(images.stream().sorted(byId).toList());
    assertThat(store.snapshot().dimension()).isEqualTo(DIMENSION);
    assertThat(store.snapshot().extractorId()).isEqualTo("x");
  }

  @Test
  void hashesComeWithoutVectorsInTheSameOrder() throws IOException {
    publish("2026-01-01", images(2000), 3);
    List<String> expected =
        read(TestFeatureStore::all).stream()
            .map(image -> image.imageId() + image.imageKey() + image.perceptualHash())
            .toList();

    List<String> read = new ArrayList<>();
    store.snapshot().scanHashes((id, key, hash) -> read.add(id + key + hash));

    assertThat(read).isEqualTo(expected);
  }

  @Test
  void wantedImagesAloneComeInTheSameOrder() throws IOException {
    publish("2026-01-01", images(500), 2);
    List<FeatureRecord> expected =
        read(TestFeatureStore::all).stream().filter(image -> image.imageKey() % 3 == 0).toList();

    List<FeatureRecord> read = new ArrayList<>();
    store.snapshot().scanImages(key -> key % 3 == 0, read::add);

    assertThat(read).usingRecursiveFieldByFieldElementComparator().isEqualTo(expected);
    assertThat(read).hasSizeGreaterThan(100);
  }

  @Test
  void eachServerReadsItsBucketsInOrder() throws IOException {
    List<FeatureRecord> images = images(500);
    publish("2026-01-01", images, 2);

    for (int server = 0; server < 3; server++) {
      int remainder = server;
      IntPredicate mine = bucket -> bucket % 3 == remainder;
      List<FeatureRecord> read = read(mine);

      assertThat(read)
          .extracting(FeatureRecord::imageId)
          .containsExactlyInAnyOrderElementsOf(
              images.stream()
                  .filter(image -> Buckets.serverOf(image.imageKey(), 3) == remainder)
                  .map(FeatureRecord::imageId)
                  .toList());
      assertThat(store.snapshot().imageCount(mine)).isEqualTo(read.size());
      for (FeatureRecord image : read) {
        assertThat(image.feature()).isEqualTo(vector(image.imageId()));
      }
    }
  }

  @Test
  void filesWithoutWantedBucketsAreNotOpened() throws IOException {
    publish("2026-01-01", images(100), 2);
    Files.delete(local("part-00001.parquet"));

    assertThat(read(bucket -> bucket % 2 == 0)).isNotEmpty();
  }

  @Test
  void statisticsAreThoseOfAllImages() throws IOException {
    List<FeatureRecord> images = images(300);
    publish("2026-01-01", images, 2);

    FeatureSnapshot snapshot = store.snapshot();

    double mean = images.stream().mapToDouble(i -> i.feature()[7]).average().orElseThrow();
    double variance =
        images.stream()
            .mapToDouble(i -> (i.feature()[7] - mean) * (i.feature()[7] - mean))
            .average()
            .orElseThrow();
    assertThat(snapshot.mean()).hasSize(DIMENSION);
    assertThat((double) snapshot.mean()[7]).isCloseTo(mean, within(1e-6));
    assertThat((double) snapshot.standardDeviation()[7])
        .isCloseTo(Math.sqrt(variance), within(1e-6));
    assertThat(snapshot.standardDeviation()[0]).as("a dimension that never varies").isZero();
  }

  @Test
  void anEmptyPartitionHasNoImages() throws IOException {
    publish("2026-01-01", List.of(), 1);

    assertThat(read(TestFeatureStore::all)).isEmpty();
    assertThat(store.snapshot().mean()).containsOnly(0f);
  }

  @Test
  void theNewestCompletePartitionIsTheSnapshot() throws IOException {
    publish("2026-01-02", images(20), 1);
    publish("2026-01-01", images(10), 1);
    Files.createDirectories(folder.resolve("features/x/dt=2026-01-03"));

    assertThat(store.snapshot().imageCount(TestFeatureStore::all)).isEqualTo(20);
    assertThat(store.snapshot("2026-01-01").imageCount(TestFeatureStore::all)).isEqualTo(10);
    assertError(
        () -> store.snapshot("2026-01-03"),
        ErrorCode.INPUT_MISSING,
        "dt=2026-01-03 is missing or not complete");
  }

  @Test
  void aShortFileIsAnError() throws IOException {
    publish("2026-01-01", images(100), 1);
    byte[] bytes = Files.readAllBytes(local("part-00000.parquet"));
    replace("part-00000.parquet", Arrays.copyOf(bytes, bytes.length - 1));

    assertError(
        () -> read(TestFeatureStore::all),
        ErrorCode.STORE_CORRUPT,
        "it has " + (bytes.length - 1) + " bytes, the manifest says " + bytes.length);
  }

  @Test
  void aMissingFileIsAnError() throws IOException {
    publish("2026-01-01", images(100), 2);
    Files.delete(local("part-00001.parquet"));

    assertError(
        () -> read(TestFeatureStore::all),
        ErrorCode.STORE_CORRUPT,
        "the manifest names it and it is not there");
  }

  @Test
  void aFileWithOtherRowsIsAnError() throws IOException {
    publish("2026-01-01", images(100), 1);
    editManifestFile(
        file ->
            FeatureFile.whole(
                file.name(), 101, file.bytes(), file.sha256(), file.buckets(), file.bucketRows()));

    assertError(
        () -> read(TestFeatureStore::all),
        ErrorCode.STORE_CORRUPT,
        "it has 100 images, the manifest says 101");
  }

  @Test
  void aBucketWithOtherRowsIsAnError() throws IOException {
    publish("2026-01-01", images(100), 1);
    editManifestFile(
        file -> {
          long[] rows = file.bucketRows().clone();
          rows[3]++;
          return FeatureFile.whole(
              file.name(), file.rows(), file.bytes(), file.sha256(), file.buckets(), rows);
        });

    assertError(
        () -> read(TestFeatureStore::all), ErrorCode.STORE_CORRUPT, "images, the manifest says");
  }

  @Test
  void aFlippedBitIsAnError() throws IOException {
    publish("2026-01-01", images(1000), 1);
    byte[] bytes = Files.readAllBytes(local("part-00000.parquet"));
    bytes[bytes.length / 2] ^= 4;
    replace("part-00000.parquet", bytes);

    assertError(() -> read(TestFeatureStore::all), ErrorCode.STORE_CORRUPT, "part-00000.parquet");
  }

  @Test
  void vectorsOfAnotherExtractorAreRefused() throws IOException {
    new FeaturePartitionWriter(conf, extractor("y"))
        .publish(store.partition("2026-01-01"), images(10), 1);

    assertError(
        () -> store.snapshot(),
        ErrorCode.SCHEMA_MISMATCH,
        "of extractor y, which must not be mixed with those of x");
  }

  @Test
  void aFileOfAnotherExtractorIsRefused() throws IOException {
    publish("2026-01-01", images(10), 1);
    byte[] own = Files.readAllBytes(local("part-00000.parquet"));
    new FeaturePartitionWriter(conf, extractor("y"))
        .publish(
            FeatureStore.open(conf, workspace.features("y")).partition("2026-01-01"),
            images(10),
            1);
    byte[] foreign =
        Files.readAllBytes(folder.resolve("features/y/dt=2026-01-01/part-00000.parquet"));
    assertThat(foreign).hasSameSizeAs(own);
    replace("part-00000.parquet", foreign);

    assertError(
        () -> read(TestFeatureStore::all),
        ErrorCode.SCHEMA_MISMATCH,
        "its vectors are of extractor y");
  }

  @Test
  void aNewerFormatIsRefused() throws IOException {
    publish("2026-01-01", images(1), 1);
    String manifest = Files.readString(local("_manifest.json"));
    replace(
        "_manifest.json",
        manifest
            .replace("\"formatVersion\" : 2", "\"formatVersion\" : 3")
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertError(
        () -> store.snapshot(),
        ErrorCode.SCHEMA_MISMATCH,
        "its format version is 3, this version reads 1 and 2");
  }

  @Test
  void theFirstFormatIsStillRead() throws IOException {
    publish("2026-01-01", images(30), 2);
    String manifest = Files.readString(local("_manifest.json"));
    String first =
        manifest
            .replace("\"formatVersion\" : 2", "\"formatVersion\" : 1")
            .replaceAll(",\\s+\"bucketReplaced\" : \\[[^]]*\\]", "")
            .replaceAll(",\\s+\"indexes\" : \\[[^]]*\\],\\s+\"replaced\" : null", "")
            .replaceAll(",\\s+\"limits\" : \"\"", "");
    assertThat(first).doesNotContain("bucketReplaced", "indexes", "limits");
    replace("_manifest.json", first.getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThat(read(TestFeatureStore::all)).hasSize(30);
    assertThat(store.snapshot().imageCount(TestFeatureStore::all)).isEqualTo(30);
  }

  @Test
  void theLastSnapshotBeforeADayIsWhatWasKnownThen() throws IOException {
    publish("2026-01-01", images(10), 1);
    publish("2026-01-03", images(20), 1);

    assertThat(store.snapshotAsOf("2026-01-02").imageCount(TestFeatureStore::all)).isEqualTo(10);
    assertThat(store.snapshotAsOf("2026-01-03").imageCount(TestFeatureStore::all)).isEqualTo(20);
    assertError(
        () -> store.snapshotAsOf("2025-12-31"),
        ErrorCode.INPUT_MISSING,
        "has no snapshot of that day or an earlier one");
  }

  @Test
  void theWriterRefusesDisorderOtherLengthsNoNumbersAndCollisions() throws IOException {
    List<FeatureRecord> sorted = sorted(images(10));
    try (FeatureStoreWriter writer =
        new FeatureStoreWriter(conf, new Path(folder.toUri() + "/f.parquet"), extractor("x"))) {
      writer.write(sorted.get(5));

      assertThatThrownBy(() -> writer.write(sorted.get(2)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("does not come after " + sorted.get(5).imageId());
      assertThatThrownBy(() -> writer.write(record("short", 1L << 40 | 1023, new float[3])))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("Vector of image short has 3 floats, needed " + DIMENSION);
      for (float bad : List.of(Float.NaN, Float.POSITIVE_INFINITY)) {
        float[] vector = new float[DIMENSION];
        vector[7] = bad;
        assertThatThrownBy(() -> writer.write(record("bad", 1L << 40 | 1023, vector)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessage("Vector of image bad has " + bad + " at 7, needed finite numbers");
      }
      assertError(
          () -> writer.write(record("other", sorted.get(5).imageKey(), new float[DIMENSION])),
          ErrorCode.IMAGE_KEY_COLLISION,
          "Cannot store images " + sorted.get(5).imageId() + " and other");
    }
  }

  private static boolean all(int bucket) {
    return bucket >= 0;
  }

  private void publish(String date, List<FeatureRecord> images, int files) throws IOException {
    new FeaturePartitionWriter(conf, extractor("x")).publish(store.partition(date), images, files);
  }

  private List<FeatureRecord> read(IntPredicate bucket) throws IOException {
    List<FeatureRecord> read = new ArrayList<>();
    store.snapshot().scan(bucket, read::add);
    return read;
  }

  private void editManifestFile(java.util.function.UnaryOperator<FeatureFile> edit)
      throws IOException {
    Path partition = store.partition("2026-01-01");
    FeatureManifest old = FeatureManifest.read(conf, partition);
    new JsonFiles(conf)
        .write(
            new Path(partition, FeatureManifest.FILE_NAME),
            new FeatureManifest(
                old.formatVersion(),
                old.extractor(),
                old.createdAtMs(),
                old.inputDigest(),
                old.imageCount(),
                old.rejectedCount(),
                old.rejectedByReason(),
                old.files().stream().map(edit).toList(),
                old.sum(),
                old.sumOfSquares(),
                old.indexes(),
                old.replaced(),
                old.limits()));
  }

  private java.nio.file.Path local(String name) {
    return folder.resolve("features/x/dt=2026-01-01").resolve(name);
  }

  /** Writes past Hadoop, whose own checksum of the local file would find it first. */
  private void replace(String name, byte[] bytes) throws IOException {
    Files.deleteIfExists(local("." + name + ".crc"));
    Files.write(local(name), bytes);
  }

  private static void assertError(ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(DicmException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private static ExtractorDescription extractor(String id) {
    return new ExtractorDescription(id, "layer", "digest", "none", DIMENSION, "float32");
  }

  private static List<FeatureRecord> sorted(List<FeatureRecord> images) {
    return images.stream()
        .sorted((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey()))
        .toList();
  }

  private static List<FeatureRecord> images(int count) {
    List<FeatureRecord> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = "image " + i;
      images.add(record(id, Fingerprints.imageKey(id), vector(id)));
    }
    return images;
  }

  private static FeatureRecord record(String id, long key, float[] vector) {
    return new FeatureRecord(
        id, key, "d".repeat(64), vector, 640, 480, 1_700_000_000_123L, Long.rotateLeft(key, 5));
  }

  private static float[] vector(String id) {
    Random random = new Random(Fingerprints.imageKey(id));
    float[] vector = new float[DIMENSION];
    for (int i = 1; i < DIMENSION; i++) {
      vector[i] = Math.max(0f, (float) random.nextGaussian());
    }
    vector[0] = 3f;
    return vector;
  }
}
