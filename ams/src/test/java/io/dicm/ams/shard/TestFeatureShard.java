package io.dicm.ams.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.InMemorySnapshot;
import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.compute.TensorWork;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestFeatureShard {
  private static final long ENOUGH = 1 << 30;

  private static FeatureShard load(InMemorySnapshot snapshot, int server, int servers)
      throws IOException {
    return load(snapshot, server, servers, VectorPrecision.FLOAT32);
  }

  private static FeatureShard load(
      InMemorySnapshot snapshot, int server, int servers, VectorPrecision precision)
      throws IOException {
    return FeatureShard.load(
        snapshot, server, servers, precision, ENOUGH, 1, ProgressListener.NONE);
  }

  private static float[] row(FeatureShard shard, int row) {
    try (PointerScope scope = new PointerScope()) {
      float[] values = new float[shard.dimension()];
      shard.rows(row, 1).data_ptr_float().get(values);
      return values;
    }
  }

  @Test
  void everyImageIsOnExactlyOneServerAndTheOthersMissIt() throws IOException {
    InMemorySnapshot snapshot = InMemorySnapshot.random(50, 8, 1);
    try (FeatureShard first = load(snapshot, 0, 2);
        FeatureShard second = load(snapshot, 1, 2)) {
      assertThat(first.images() + second.images()).isEqualTo(50);
      for (int i = 0; i < 50; i++) {
        long key = InMemorySnapshot.key(i);
        FeatureShard owner = Buckets.serverOf(key, 2) == 0 ? first : second;
        FeatureShard other = owner == first ? second : first;
        int row = owner.rowsOf(new long[] {key})[0];
        assertThat(owner.names().get(row - 1).imageId()).isEqualTo("img-" + i);
        assertThat(other.rowsOf(new long[] {key})).containsExactly(FeatureShard.MISSING_ROW);
      }
      assertThat(row(first, FeatureShard.MISSING_ROW)).containsOnly(0f);
    }
  }

  @Test
  void scalesToACommonLengthClipsAndDropsConstantDimensions() throws IOException {
    InMemorySnapshot snapshot = new InMemorySnapshot(3);
    for (int i = 0; i < 100; i++) {
      snapshot.add("img-" + i, new float[] {i % 2 == 0 ? 9 : 11, i == 99 ? 500 : 0, 7});
    }
    try (FeatureShard shard = load(snapshot, 0, 1)) {
      float factor = (float) (4 / Math.sqrt(2));
      float[] ordinary = row(shard, shard.rowsOf(new long[] {InMemorySnapshot.key(2)})[0]);
      assertThat(ordinary[0]).isCloseTo(-factor, within(1e-3f));
      assertThat(ordinary[1]).isCloseTo(-factor * 5 / 49.75f, within(1e-3f));
      float[] outlier = row(shard, shard.rowsOf(new long[] {InMemorySnapshot.key(99)})[0]);
      assertThat(outlier).containsExactly(new float[] {factor, 5 * factor, 0}, within(1e-3f));
    }
  }

  /** More rows than a thread takes at a time, in no order, and with one of them twice. */
  @ParameterizedTest
  @CsvSource({"FLOAT32, 2", "FLOAT32, 3", "FLOAT16, 2", "FLOAT16, 3"})
  void aCrewGathersWhatOneThreadDoes(VectorPrecision precision, int threads) throws IOException {
    int count = 700;
    InMemorySnapshot snapshot = InMemorySnapshot.random(count, 8, 3);
    try (FeatureShard shard = load(snapshot, 0, 1, precision);
        ComputeCrew crew = new ComputeCrew("test-gather-", threads);
        RowGatherer alone = gatherer(shard, ComputeCrew.alone());
        RowGatherer together = gatherer(shard, crew)) {
      Random random = new Random(4);
      for (int rows : new int[] {count, 300, 150, 900}) {
        int[] wanted = random.ints(rows, 0, count + 1).toArray();
        wanted[rows - 1] = wanted[0];
        float[] gathered = gathered(together, wanted, 8);
        assertThat(gathered).isEqualTo(gathered(alone, wanted, 8));
        assertThat(Arrays.copyOfRange(gathered, (rows - 1) * 8, rows * 8))
            .isEqualTo(Arrays.copyOf(gathered, 8));
      }
    }
  }

  private static RowGatherer gatherer(FeatureShard shard, ComputeCrew crew) {
    return ShardRows.of(shard, TensorWork.onProcessor(crew)).gatherer();
  }

  private static float[] gathered(RowGatherer gatherer, int[] rows, int dimension) {
    try (PointerScope scope = new PointerScope()) {
      float[] values = new float[rows.length * dimension];
      gatherer.gather(rows).data_ptr_float().get(values);
      return values;
    }
  }

  @Test
  void halfPrecisionTakesHalfTheMemoryAndGivesTheSameRowsRounded() throws IOException {
    InMemorySnapshot snapshot = InMemorySnapshot.random(60, 32, 3);
    try (FeatureShard single = load(snapshot, 0, 1);
        FeatureShard half = load(snapshot, 0, 1, VectorPrecision.FLOAT16);
        RowGatherer singleRows = gatherer(single, ComputeCrew.alone());
        RowGatherer halfRows = gatherer(half, ComputeCrew.alone());
        PointerScope scope = new PointerScope()) {
      int[] rows = {5, FeatureShard.MISSING_ROW, 60, 5};
      float[] expected = new float[rows.length * 32];
      float[] actual = new float[rows.length * 32];
      singleRows.gather(rows).data_ptr_float().get(expected);
      halfRows.gather(rows).data_ptr_float().get(actual);
      for (int i = 0; i < expected.length; i++) {
        assertThat(actual[i]).isCloseTo(expected[i], within(Math.abs(expected[i]) / 2048 + 1e-7f));
      }
      assertThat(actual).isNotEqualTo(expected);
      assertThat(row(half, 5)).containsExactly(Arrays.copyOf(actual, 32));
    }
    long single = FeatureShard.bytesFor(1_000_000, 4096, VectorPrecision.FLOAT32);
    long half = FeatureShard.bytesFor(1_000_000, 4096, VectorPrecision.FLOAT16);
    assertThat((double) half / single).isBetween(0.5, 0.503);
  }

  @Test
  void refusesToLoadWhatDoesNotFit() {
    InMemorySnapshot snapshot = InMemorySnapshot.random(50, 8, 1);
    long needed = FeatureShard.bytesFor(50, 8, VectorPrecision.FLOAT32);
    assertThatThrownBy(
            () ->
                FeatureShard.load(
                    snapshot, 0, 1, VectorPrecision.FLOAT32, needed - 1, 1, ProgressListener.NONE))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot load the vectors of server 0: 50 images need "
                + needed
                + " bytes outside the Java heap, allowed "
                + (needed - 1)
                + ". Give the servers more memory, use more of them, or hold the vectors in float16.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
  }

  @Test
  void namesWhatTheHeapNeedsApart() {
    long needed = FeatureShard.heapBytesFor(50);
    FeatureShard.checkHeap(50, 3, needed);
    assertThatThrownBy(() -> FeatureShard.checkHeap(50, 3, needed - 1))
        .hasMessage(
            "Cannot load the vectors of server 3: keys and names of 50 images need "
                + needed
                + " bytes of the Java heap, allowed "
                + (needed - 1)
                + ", half of it. Give the servers more memory (dicm.yarn.server.memory-mb,"
                + " dicm.yarn.server.heap-fraction) or use more of them.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
  }

  @Test
  void indexTakesLittleMemoryBesideTheVectors() {
    long vectors = 1_000_000L * 4096 * Float.BYTES;
    assertThat(
            FeatureShard.bytesFor(1_000_000, 4096, VectorPrecision.FLOAT32)
                + FeatureShard.heapBytesFor(1_000_000))
        .isBetween(vectors, vectors * 101 / 100);
  }

  @Test
  void refusesAStoreThatHoldsOtherThanItSays() {
    for (int off : new int[] {-1, 1}) {
      InMemorySnapshot lying =
          new InMemorySnapshot(2) {
            @Override
            public long imageCount(IntPredicate bucket) {
              return super.imageCount(bucket) + off;
            }
          };
      lying.add("img-0", new float[] {1, 2});
      lying.add("img-1", new float[] {2, 1});
      assertThatThrownBy(() -> load(lying, 0, 1))
          .hasMessageStartingWith("Cannot load the vectors from the feature store: it")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.STORE_CORRUPT);
    }
  }

  @Test
  void tellsItsProgress() throws IOException {
    List<String> seen = new ArrayList<>();
    InMemorySnapshot snapshot = InMemorySnapshot.random(2500, 2, 1);
    FeatureShard.load(
            snapshot,
            0,
            1,
            VectorPrecision.FLOAT32,
            ENOUGH,
            1,
            (done, total, note) -> seen.add(done + "/" + total + " " + note))
        .close();
    assertThat(seen)
        .containsExactly(
            "1000/2500 vectors loaded", "2000/2500 vectors loaded", "2500/2500 vectors loaded");
  }
}
