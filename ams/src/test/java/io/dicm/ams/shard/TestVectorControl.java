package io.dicm.ams.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.server.AmsServer;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.parquet.ParquetTableWriter;
import io.dicm.common.parquet.RowFields;
import io.dicm.common.progress.ProgressListener;
import io.dicm.common.security.ApplicationSecret;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.schema.MessageTypeParser;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestVectorControl {
  private static final long ENOUGH = 1 << 30;
  private static final int DIMENSION = 64;
  private static final int IMAGES = 300;
  private static final long SEED = 7;

  private final Configuration conf = new Configuration(false);
  private final InMemorySnapshot snapshot = InMemorySnapshot.random(IMAGES, DIMENSION, 1);

  @TempDir private java.nio.file.Path directory;

  @ParameterizedTest
  @EnumSource(VectorPrecision.class)
  void shuffledImagesHaveEachOthersVectorsAndNoneItsOwn(VectorPrecision precision)
      throws IOException {
    try (FeatureShard plain = load(new VectorControl.None(), precision, 0, 1);
        FeatureShard shuffled = load(new VectorControl.Shuffled(SEED), precision, 0, 1);
        FeatureShard again = load(new VectorControl.Shuffled(SEED), precision, 0, 1);
        FeatureShard other = load(new VectorControl.Shuffled(SEED + 1), precision, 0, 1)) {
      assertThat(vectors(shuffled)).containsExactlyInAnyOrderElementsOf(vectors(plain));
      int same = 0;
      for (int image = 0; image < IMAGES; image++) {
        long key = InMemorySnapshot.key(image);
        assertThat(vector(shuffled, key)).isNotEqualTo(vector(plain, key));
        assertThat(vector(again, key)).isEqualTo(vector(shuffled, key));
        same += Arrays.equals(vector(other, key), vector(shuffled, key)) ? 1 : 0;
        int row = shuffled.rowsOf(new long[] {key})[0];
        assertThat(shuffled.names().get(row - FeatureShard.FIRST_ROW).imageId())
            .isEqualTo("img-" + image);
      }
      assertThat(same).isLessThan(IMAGES / 10);
    }
  }

  @Test
  void serversShuffleTheirOwnImages() throws IOException {
    try (FeatureShard plain = load(new VectorControl.None(), VectorPrecision.FLOAT32, 1, 2);
        FeatureShard shuffled =
            load(new VectorControl.Shuffled(SEED), VectorPrecision.FLOAT32, 1, 2)) {
      assertThat(shuffled.images()).isEqualTo(plain.images()).isLessThan(IMAGES);
      assertThat(vectors(shuffled)).containsExactlyInAnyOrderElementsOf(vectors(plain));
    }
  }

  @Test
  void theOnlyImageKeepsItsVector() {
    FeatureShard.ImageName[] one = {new FeatureShard.ImageName("a", 1)};
    new VectorControl.Shuffled(SEED).arrange(one);
    new VectorControl.Shuffled(SEED).arrange(new FeatureShard.ImageName[0]);
    assertThat(one[0].imageId()).isEqualTo("a");
  }

  /** Sattolo's cycle goes through all images. */
  @Test
  void shufflingIsOneCycle() {
    FeatureShard.ImageName[] names = new FeatureShard.ImageName[20];
    for (int i = 0; i < names.length; i++) {
      names[i] = new FeatureShard.ImageName("" + i, i + 1);
    }
    new VectorControl.Shuffled(SEED).arrange(names);
    Set<Integer> visited = new HashSet<>();
    for (int i = 0; visited.add(i); i = Integer.parseInt(names[i].imageId())) {
      assertThat(names[i].imageId()).isNotEqualTo("" + i);
    }
    assertThat(visited).hasSize(names.length);
  }

  @ParameterizedTest
  @EnumSource(VectorPrecision.class)
  void plantedVectorsAreNoiseAndASignalAtTheUsualScale(VectorPrecision precision)
      throws IOException {
    Map<Long, Double> signals = new LinkedHashMap<>();
    for (int image = 1; image < IMAGES; image++) {
      signals.put(InMemorySnapshot.key(image), image % 2 == 0 ? 1.0 : -1.0);
    }
    VectorControl planted = new VectorControl.Planted(SEED, read(signals));
    double[] direction = new double[DIMENSION];
    double squares = 0;
    try (FeatureShard whole = load(planted, precision, 0, 1);
        FeatureShard part = load(planted, precision, 0, 2)) {
      for (int image = 1; image < IMAGES; image++) {
        long key = InMemorySnapshot.key(image);
        float[] vector = vector(whole, key);
        for (int d = 0; d < DIMENSION; d++) {
          direction[d] += signals.get(key) * vector[d] / (IMAGES - 1);
          squares += vector[d] * vector[d];
        }
        int row = part.rowsOf(new long[] {key})[0];
        assertThat(row == FeatureShard.MISSING_ROW ? vector : vector(part, key)).isEqualTo(vector);
      }
      assertThat(Math.sqrt(squares / (IMAGES - 1)))
          .isCloseTo(VectorScaling.TYPICAL_LENGTH, within(0.1));
      // Noise cancels out in the mean; what is left is as long as half of a vector's square.
      assertThat(dot(direction, direction)).isCloseTo(8, within(0.4));
      double[] without = doubles(vector(whole, InMemorySnapshot.key(0)));
      assertThat(dot(without, without)).isCloseTo(8, within(2.5));
      assertThat(Math.abs(dot(without, direction))).isLessThan(3);
      for (int image = 1; image < IMAGES; image++) {
        double[] vector = doubles(vector(whole, InMemorySnapshot.key(image)));
        assertThat(dot(vector, direction) * signals.get(InMemorySnapshot.key(image))).isPositive();
      }
    }
  }

  @Test
  void plantedValuesAreCutOffLikeOthers() throws IOException {
    long key = InMemorySnapshot.key(1);
    float[] vector = new float[DIMENSION];
    new VectorControl.Planted(SEED, read(Map.of(key, 1e6))).change(key, vector);
    float most = VectorScaling.CLIP * VectorScaling.factor(DIMENSION);
    for (float value : vector) {
      assertThat(Math.abs(value)).isEqualTo(most);
    }
  }

  @Test
  void signalsAreReadOfOwnBucketsAndAnotherImageHasNone() throws IOException {
    Map<Long, Double> signals = new LinkedHashMap<>();
    for (int image = 0; image < 3000; image++) {
      signals.put(InMemorySnapshot.key(image), image / 3000.0);
    }
    Path table = write(signals);
    ImageSignals all = ImageSignals.read(conf, table, bucket -> true, ENOUGH);
    ImageSignals even = ImageSignals.read(conf, table, bucket -> bucket % 2 == 0, ENOUGH);
    assertThat(all.size()).isEqualTo(3000);
    assertThat(all.of(InMemorySnapshot.key(1500))).isEqualTo(0.5f);
    assertThat(all.of(4711)).isZero();
    assertThat(even.size()).isBetween(1300, 1700);
    assertThat(all.heapBytes()).isLessThan(46 * 3000 + 4096);
  }

  @Test
  void whatIsNoTableOfSignalsIsNamed() throws IOException {
    Path nowhere = new Path(directory.resolve("nowhere").toUri());
    assertFails(nowhere, ENOUGH, ErrorCode.INPUT_MISSING, "there is no " + nowhere);
    assertFails(
        write(Map.of(5L, Double.NaN)),
        ENOUGH,
        ErrorCode.STORE_CORRUPT,
        "image_key 5 has the signal NaN");
    Path other = new Path(directory.resolve("other.parquet").toUri());
    try (ParquetTableWriter<Long> writer =
        new ParquetTableWriter<>(
            conf,
            other,
            MessageTypeParser.parseMessageType("message other { required int64 image_key; }"),
            (out, key) -> RowFields.int64(out, "image_key", 0, key))) {
      writer.write(5L);
    }
    assertFails(other, ENOUGH, ErrorCode.STORE_CORRUPT, "it has no columns image_key");
    Map<Long, Double> many = new LinkedHashMap<>();
    for (long key = 1; key < 5000; key++) {
      many.put(key, 0.0);
    }
    assertFails(write(many), 1000, ErrorCode.MEMORY_PLAN_TOO_LARGE, "allowed 1000");
  }

  @Test
  void workersThatRunTheSubModelHaveNoControls() {
    AmsServerOptions options =
        AmsServerOptions.of(0, 1, 1).strategy(StorageStrategy.STORE_IN_SERVER).build();
    try (AmsServer server = new AmsServer(options, ApplicationSecret.generate())) {
      assertThatThrownBy(
              () -> server.load(snapshot, new VectorControl.Shuffled(SEED), ProgressListener.NONE))
          .hasMessageContaining("dicm.train.image-control=SHUFFLED")
          .hasMessageContaining("STORE_IN_SERVER")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
    }
  }

  private void assertFails(Path table, long mostBytes, ErrorCode code, String message) {
    assertThatThrownBy(() -> ImageSignals.read(conf, table, bucket -> true, mostBytes))
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(code);
  }

  private FeatureShard load(
      VectorControl control, VectorPrecision precision, int server, int servers)
      throws IOException {
    return FeatureShard.load(
        snapshot, control, server, servers, precision, ENOUGH, 1, ProgressListener.NONE);
  }

  private ImageSignals read(Map<Long, Double> signals) throws IOException {
    return ImageSignals.read(conf, write(signals), bucket -> true, ENOUGH);
  }

  private Path write(Map<Long, Double> signals) throws IOException {
    Path table = new Path(directory.resolve("signals").toUri());
    try (ParquetTableWriter<Map.Entry<Long, Double>> writer =
        new ParquetTableWriter<>(
            conf,
            new Path(table, "part-00000.parquet"),
            MessageTypeParser.parseMessageType(
                "message signals { required int64 image_key; required double signal; }"),
            (out, row) -> {
              RowFields.int64(out, "image_key", 0, row.getKey());
              RowFields.float64(out, "signal", 1, row.getValue());
            })) {
      for (Map.Entry<Long, Double> signal : signals.entrySet()) {
        writer.write(signal);
      }
    }
    return table;
  }

  private static List<String> vectors(FeatureShard shard) {
    return IntStream.rangeClosed(FeatureShard.FIRST_ROW, shard.images())
        .mapToObj(row -> Arrays.toString(row(shard, row)))
        .toList();
  }

  private static float[] vector(FeatureShard shard, long key) {
    return row(shard, shard.rowsOf(new long[] {key})[0]);
  }

  private static float[] row(FeatureShard shard, int row) {
    try (PointerScope scope = new PointerScope()) {
      float[] values = new float[shard.dimension()];
      shard.rows(row, 1).data_ptr_float().get(values);
      return values;
    }
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
