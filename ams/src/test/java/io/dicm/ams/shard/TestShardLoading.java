package io.dicm.ams.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.BucketOrder;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import io.dicm.feature.store.FeatureStoreWriter;
import io.dicm.feature.store.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards loaded by several threads from the files of a real feature store. */
class TestShardLoading {
  private static final int DIMENSION = 24;
  private static final int FILES = 6;
  private static final int IMAGES = 4500;
  private static final long ENOUGH = 1 << 30;

  private final Configuration conf = new Configuration(false);

  @TempDir private java.nio.file.Path folder;

  private static FeatureRecord image(String id, long key) {
    Random random = new Random(key);
    float[] vector = new float[DIMENSION];
    for (int i = 0; i < DIMENSION; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return new FeatureRecord(id, key, "d".repeat(64), vector, 4, 3, 1);
  }

  private static List<FeatureRecord> images() {
    return IntStream.range(0, IMAGES)
        .mapToObj(i -> image("image " + i, Fingerprints.imageKey("image " + i)))
        .toList();
  }

  /** Publishes a partition whose file number f has the buckets that are f modulo the files. */
  private FeatureSnapshot publish(List<FeatureRecord> images) throws IOException {
    List<List<FeatureRecord>> byFile = new ArrayList<>();
    for (int file = 0; file < FILES; file++) {
      int number = file;
      byFile.add(images.stream().filter(i -> Buckets.of(i.imageKey()) % FILES == number).toList());
    }
    return publishFiles(byFile);
  }

  private FeatureSnapshot publishFiles(List<List<FeatureRecord>> byFile) throws IOException {
    ExtractorDescription extractor =
        new ExtractorDescription("x", "layer", "digest", "none", DIMENSION, "float32");
    FeatureStore store = FeatureStore.open(conf, new Path(folder.resolve("x").toUri()));
    try (DirectoryPublisher publisher =
        new DirectoryPublisher(conf, store.partition("2026-01-01"))) {
      List<WrittenFile> written = new ArrayList<>();
      for (int file = 0; file < byFile.size(); file++) {
        Path path = new Path(publisher.staging(), ParquetTables.partName(file));
        try (FeatureStoreWriter writer = new FeatureStoreWriter(conf, path, extractor)) {
          List<FeatureRecord> sorted =
              byFile.get(file).stream()
                  .sorted((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey()))
                  .toList();
          for (FeatureRecord image : sorted) {
            writer.write(image);
          }
          written.add(writer.finish());
        }
      }
      FeatureManifest.of(extractor, 1, "", Map.of(), written).write(conf, publisher.staging());
      publisher.publish();
    }
    return store.snapshot();
  }

  private static FeatureShard load(FeatureSnapshot snapshot, int threads) throws IOException {
    return load(snapshot, threads, ProgressListener.NONE);
  }

  private static FeatureShard load(FeatureSnapshot snapshot, int threads, ProgressListener listener)
      throws IOException {
    return FeatureShard.load(snapshot, 0, 1, VectorPrecision.FLOAT32, ENOUGH, threads, listener);
  }

  private static float[] vectors(FeatureShard shard) {
    try (PointerScope scope = new PointerScope()) {
      float[] values = new float[(shard.images() + 1) * DIMENSION];
      shard.rows(0, shard.images() + 1).data_ptr_float().get(values);
      return values;
    }
  }

  @Test
  void rowsAreTheSameWhateverTheNumberOfThreads() throws IOException {
    FeatureSnapshot snapshot = publish(images());
    try (FeatureShard one = load(snapshot, 1)) {
      assertThat(one.images()).isEqualTo(IMAGES);
      List<Long> keys = one.names().stream().map(FeatureShard.ImageName::imageKey).toList();
      List<Long> scanned = new ArrayList<>();
      snapshot.scan(bucket -> true, image -> scanned.add(image.imageKey()));
      assertThat(keys).isEqualTo(scanned);
      for (int threads : new int[] {2, 4, 16}) {
        for (int again = 0; again < 3; again++) {
          try (FeatureShard several = load(snapshot, threads)) {
            assertThat(several.names()).isEqualTo(one.names());
            assertThat(vectors(several)).isEqualTo(vectors(one));
            long[] all = keys.stream().mapToLong(key -> key).toArray();
            assertThat(several.rowsOf(all)).isEqualTo(IntStream.rangeClosed(1, IMAGES).toArray());
          }
        }
      }
    }
  }

  @Test
  void eachServerLoadsItsBucketsOfAllFiles() throws IOException {
    FeatureSnapshot snapshot = publish(images());
    int images = 0;
    for (int server = 0; server < 4; server++) {
      try (FeatureShard shard =
          FeatureShard.load(
              snapshot, server, 4, VectorPrecision.FLOAT32, ENOUGH, 3, ProgressListener.NONE)) {
        int owner = server;
        assertThat(shard.names()).allMatch(name -> Buckets.serverOf(name.imageKey(), 4) == owner);
        images += shard.images();
      }
    }
    assertThat(images).isEqualTo(IMAGES);
  }

  @Test
  void progressIsThatOfAllThreads() throws IOException {
    FeatureSnapshot snapshot = publish(images());
    List<Long> told = new ArrayList<>();
    Set<String> threads = ConcurrentHashMap.newKeySet();
    load(
            snapshot,
            3,
            (done, total, note) -> {
              assertThat(total).isEqualTo(IMAGES);
              threads.add(Thread.currentThread().getName());
              told.add(done);
            })
        .close();
    assertThat(told).containsExactly(1000L, 2000L, 3000L, 4000L, 4500L);
    assertThat(threads).allMatch(name -> name.matches("ams-load-[012]"));
  }

  @Test
  void aBrokenFileEndsAllThreads() throws IOException {
    FeatureSnapshot snapshot = publish(images());
    java.nio.file.Path file = folder.resolve("x/dt=2026-01-01/part-00003.parquet");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 4;
    // The local file system has checksums of its own, others have not.
    Files.delete(file.resolveSibling(".part-00003.parquet.crc"));
    Files.write(file, bytes);
    for (int threads : new int[] {1, 2, 6}) {
      assertError(() -> load(snapshot, threads), ErrorCode.STORE_CORRUPT, "part-00003.parquet");
      assertThreadsEnd();
    }
  }

  @Test
  void aMissingFileEndsAllThreads() throws IOException {
    FeatureSnapshot snapshot = publish(images());
    Files.delete(folder.resolve("x/dt=2026-01-01/part-00000.parquet"));
    assertError(
        () -> load(snapshot, 2),
        ErrorCode.STORE_CORRUPT,
        "the manifest names it and it is not there");
    assertThreadsEnd();
  }

  /** Two files cannot be compared while they are written. */
  @Test
  void aKeyThatIsInTwoFilesIsAnError() throws IOException {
    long key = Fingerprints.imageKey("first");
    List<List<FeatureRecord>> files = new ArrayList<>();
    files.add(List.of(image("first", key), image("a", Fingerprints.imageKey("a"))));
    files.add(List.of(image("b", Fingerprints.imageKey("b"))));
    files.add(List.of(image("second", key), image("c", Fingerprints.imageKey("c"))));
    FeatureSnapshot snapshot = publishFiles(files);
    for (int again = 0; again < 5; again++) {
      assertError(
          () -> load(snapshot, 3),
          ErrorCode.IMAGE_KEY_COLLISION,
          "Cannot load the vectors: images first and second have one key.");
    }
  }

  @Test
  void anInterruptedLoadEndsItsThreads() throws IOException {
    FeatureSnapshot snapshot = publish(images());
    Thread.currentThread().interrupt();
    assertError(
        () -> load(snapshot, 2),
        ErrorCode.INTERRUPTED,
        "Cannot load the vectors: it was interrupted.");
    assertThat(Thread.interrupted()).isTrue();
    assertThreadsEnd();
  }

  @Test
  void anEmptyStoreIsAnEmptyShard() throws IOException {
    try (FeatureShard shard = load(publishFiles(List.of(List.of())), 2)) {
      assertThat(shard.images()).isZero();
      assertThat(shard.rowsOf(new long[] {5})).containsExactly(FeatureShard.MISSING_ROW);
      assertThat(vectors(shard)).isEqualTo(new float[DIMENSION]);
    }
  }

  private static void assertError(ThrowingCallable call, ErrorCode code, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(DicmException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(message);
  }

  private static void assertThreadsEnd() {
    await()
        .atMost(20, TimeUnit.SECONDS)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("ams-load-")));
  }
}
