package io.dicm.ams.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestEmbeddingTable {
  private static final int DIMENSION = 3;

  private final MemoryBudget budget = new MemoryBudget("the IDs", "Take fewer.", 1L << 28);
  private final List<EmbeddingTable> tables = new ArrayList<>();

  @AfterEach
  void closeFrees() {
    tables.forEach(EmbeddingTable::close);
    tables.forEach(EmbeddingTable::close);
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void memoryIsWithinWhatWasPlanned() {
    EmbeddingTable table = table();
    int ids = 50_000;

    table.rowsOf(0, LongStream.rangeClosed(1, ids).map(key -> key * 0x9E3779B97F4A7C15L).toArray());

    long planned = EmbeddingTable.bytesFor(ids, ByColumns.embeddingAlone(DIMENSION, new Adam()));
    assertThat(budget.takenBytes()).isBetween(planned / 2, planned);
  }

  private EmbeddingTable table() {
    return table(42, new Adam(), 0);
  }

  private EmbeddingTable table(long seed, Optimizer optimizer, float l2) {
    EmbeddingOptions options = EmbeddingOptions.everyId(Long.MAX_VALUE);
    EmbeddingTable table = new EmbeddingTable(DIMENSION, seed, optimizer, l2, options, budget);
    tables.add(table);
    return table;
  }

  /** Each key's gradient depends on the step and the key alone. */
  private static float[] gradients(long[] keys, int step) {
    float[] gradients = new float[keys.length * DIMENSION];
    for (int i = 0; i < keys.length; i++) {
      Random random = new Random(keys[i] * 31 + step);
      for (int d = 0; d < DIMENSION; d++) {
        gradients[i * DIMENSION + d] = (float) random.nextGaussian();
      }
    }
    return gradients;
  }

  private Map<Long, String> train(int servers) {
    EmbeddingTable[] parts = new EmbeddingTable[servers];
    for (int s = 0; s < servers; s++) {
      parts[s] = table();
    }
    Random random = new Random(1);
    for (int step = 0; step < 30; step++) {
      long[] keys = random.longs(400, 1, 20_000).distinct().toArray();
      for (int s = 0; s < servers; s++) {
        int server = s;
        long[] own =
            Arrays.stream(keys).filter(key -> Buckets.serverOf(key, servers) == server).toArray();
        parts[s].update(parts[s].rowsOf(step, own), gradients(own, step), 0.01f);
      }
    }
    Map<Long, String> values = new HashMap<>();
    for (EmbeddingTable table : parts) {
      table.forEach((key, row) -> values.put(key, row[0] + " " + row[1] + " " + row[2]));
    }
    return values;
  }

  @Test
  void valuesDoNotDependOnTheNumberOfServers() {
    Map<Long, String> one = train(1);
    assertThat(one).hasSizeGreaterThan(5_000);
    assertThat(train(3)).isEqualTo(one);
  }

  @Test
  void initialValuesAreSmallAndDependOnSeedAndKeyAlone() {
    EmbeddingTable forth = table();
    EmbeddingTable back = table();
    forth.rowsOf(0, new long[] {5, 6});
    back.rowsOf(0, new long[] {6, 5});
    float[] five = forth.values(forth.rowsOf(0, new long[] {5}));
    assertThat(back.values(back.rowsOf(0, new long[] {5}))).isEqualTo(five);
    for (float value : five) {
      assertThat(value).isBetween(-0.05f, 0.05f).isNotZero();
    }
    EmbeddingTable other = table(43, new Adam(), 0);
    assertThat(other.values(other.rowsOf(0, new long[] {5}))).isNotEqualTo(five);
    assertThat(forth.values(forth.rowsOf(0, new long[] {6}))).isNotEqualTo(five);
  }

  @Test
  void updatesTouchedRowsOnlyAndCountsTheirUpdates() {
    EmbeddingTable table = table();
    int[] rows = table.rowsOf(0, new long[] {1, 2});
    float[] before = table.values(rows);
    for (int i = 0; i < 100; i++) {
      table.update(new int[] {rows[0]}, new float[] {1, 1, 1}, 0.01f);
    }
    float[] untouched = table.values(new int[] {rows[1]});
    assertThat(untouched).containsExactly(before[3], before[4], before[5]);
    table.update(new int[] {rows[1]}, new float[] {5, -5, 0}, 0.01f);
    // The first step of Adam is the learning rate long, whenever it comes.
    assertThat(table.values(new int[] {rows[1]}))
        .containsExactly(
            new float[] {before[3] - 0.01f, before[4] + 0.01f, before[5]}, within(1e-7f));
  }

  /** Equation 6 of DIN, by hand, with gradient descent: w -= rate * (g + l2 / n * w). */
  @Test
  void l2PullsTouchedRowsLessTheOftenerTheyAreTouched() {
    float l2 = 0.5f;
    EmbeddingTable table = table(42, new Sgd(), l2);
    int[] row = table.rowsOf(0, new long[] {7});
    float[] expected = table.values(row);
    for (int n = 1; n <= 20; n++) {
      float[] gradient = gradients(new long[] {7}, n);
      for (int d = 0; d < DIMENSION; d++) {
        expected[d] -= 0.01f * (gradient[d] + l2 / n * expected[d]);
      }
      table.update(row, gradient, 0.01f);
    }
    assertThat(table.values(row)).containsExactly(expected, within(1e-6f));
  }

  @Test
  void aSnapshotStaysWhileTheTableChangesUntilItIsReleased() {
    EmbeddingTable table = table();
    int[] row = table.rowsOf(0, new long[] {7});
    float[] before = table.values(row);
    EmbeddingSnapshot snapshot = table.snapshot();
    table.update(row, new float[] {1, 1, 1}, 0.01f);
    table.rowsOf(0, new long[] {8});
    assertThat(firstValues(snapshot)).containsOnly(entry(7L, before[0]));
    snapshot.release();
    EmbeddingSnapshot second = table.snapshot();
    second.release();
    float[] now = table.values(row);
    table.update(row, new float[] {1, 1, 1}, 0.01f);
    // Nothing was copied: the released snapshot sees the table itself.
    assertThat(firstValues(second)).containsKey(8L);
    assertThat(firstValues(second).get(7L)).isNotEqualTo(now[0]);
  }

  private static Map<Long, Float> firstValues(EmbeddingSnapshot snapshot) {
    Map<Long, Float> values = new HashMap<>();
    snapshot.forEach(
        new EmbeddingVisitor<RuntimeException>() {
          @Override
          public void row(long key, IdHistory history, OptimizerState state) {
            values.put(key, state.values()[0]);
          }

          @Override
          public void candidate(long key, IdHistory history) {
            throw new AssertionError("There are no candidates");
          }
        });
    return values;
  }

  @Test
  void whatASnapshotSharesOutlivesTheTable() {
    EmbeddingTable table = table();
    int[] row = table.rowsOf(0, new long[] {7});
    float before = table.values(row)[0];
    long bytes = budget.takenBytes();
    EmbeddingSnapshot snapshot = table.snapshot();
    assertThat(budget.takenBytes()).isEqualTo(bytes);
    table.update(row, new float[] {1, 1, 1}, 0.01f);
    assertThat(budget.takenBytes()).isGreaterThan(bytes);
    table.close();
    assertThat(firstValues(snapshot)).containsOnly(entry(7L, before));
    assertThat(budget.takenBytes()).isPositive();
    snapshot.release();
    snapshot.release();
    assertThat(budget.takenBytes()).isZero();
  }

  @Test
  void countsTheBytesOutsideTheHeap() {
    EmbeddingTable table = table();
    table.rowsOf(0, LongStream.range(1, 100_000).toArray());
    long rowBytes = 24 + 3 * DIMENSION * Float.BYTES;
    assertThat(table.statistics().bytes())
        .isEqualTo(budget.takenBytes())
        .isBetween(100_000 * (rowBytes + 20), 110_000 * (rowBytes + 40));
  }

  @Test
  void refusesToOutgrowItsMemory() {
    MemoryBudget small = new MemoryBudget("the ID embeddings of server 0", "Take fewer.", 3 << 20);
    try (EmbeddingTable table =
        new EmbeddingTable(
            12, 42, new Adam(), 0, EmbeddingOptions.everyId(Long.MAX_VALUE), small)) {
      assertThatThrownBy(() -> table.rowsOf(0, LongStream.range(1, 50_000).toArray()))
          .hasMessageMatching(
              "Cannot hold the ID embeddings of server 0: they need \\d+ bytes, allowed 3145728. Take fewer.")
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
    }
    assertThat(small.takenBytes()).isZero();
  }

  /**
   * IDs are admitted, trained and forgotten, in steps that are large enough to be shared; with a
   * floor, fewer are forgotten. Of the snapshots some are released before the next step asks.
   */
  @ParameterizedTest
  @ValueSource(longs = {0, 24_000})
  void aCrewChangesNoBit(long floorRows) {
    ByColumns optimizers = ByColumns.embeddingAlone(DIMENSION, new Adam());
    EmbeddingOptions options = new EmbeddingOptions(2, 100, floorRows, Long.MAX_VALUE);
    try (ComputeCrew crew = new ComputeCrew("test-rows-", 3);
        EmbeddingTable shared = new EmbeddingTable(optimizers, 42, 1e-4f, options, budget, crew);
        EmbeddingTable alone = new EmbeddingTable(optimizers, 42, 1e-4f, options, budget)) {
      EmbeddingSnapshot kept = null;
      for (int step = 0; step < 240; step += 12) {
        long[] keys =
            new Random(step)
                .longs(30_000, 1, 40_000)
                .map(key -> key * 0x9E3779B97F4A7C15L)
                .distinct()
                .toArray();
        int[] rows = shared.rowsOf(step, keys);
        assertThat(rows).isEqualTo(alone.rowsOf(step, keys));
        assertThat(shared.values(rows)).isEqualTo(alone.values(rows));
        float[] gradients = gradients(keys, step);
        EmbeddingSnapshot first = shared.snapshot();
        shared.update(rows, gradients.clone(), 0.1f);
        first.release();
        alone.update(rows, gradients, 0.1f);
        if (kept != null) {
          kept.release();
        }
        kept = step % 24 == 0 ? shared.snapshot() : null;
        shared.stepFinished(step + 1);
        alone.stepFinished(step + 1);
        assertThat(shared.statistics().rows()).isEqualTo(alone.statistics().rows());
      }
      assertThat(shared.statistics().expired()).isPositive();
    }
  }

  /** No request has one twice; the second one finds what the first made all the same. */
  @Test
  void aKeyThatIsAskedForTwiceHasOneRow() {
    EmbeddingTable table = table();
    int[] rows = table.rowsOf(0, new long[] {7, 8, 7});
    assertThat(rows[2]).isEqualTo(rows[0]).isNotEqualTo(rows[1]);
    assertThat(table.rowsOf(1, new long[] {8, 7, 8})).containsExactly(rows[1], rows[0], rows[1]);
  }

  @Test
  void growsOverAMillionRows() {
    EmbeddingTable table = table();
    long[] keys = new Random(5).longs(1_100_000).toArray();
    int[] rows = table.rowsOf(0, keys);
    assertThat(table.statistics().rows()).isEqualTo(keys.length);
    float[] expected = new float[DIMENSION];
    for (int i = 0; i < keys.length; i += 1013) {
      InitialValues.ofEmbeddings(42, DIMENSION).fill(keys[i], expected, 0);
      assertThat(table.values(new int[] {rows[i]})).isEqualTo(expected);
    }
    assertThat(Arrays.equals(table.rowsOf(1, keys), rows)).isTrue();
  }

  @Test
  void hasNoRowForNone() {
    assertThatThrownBy(() -> table().rowsOf(0, new long[] {1, 0}))
        .hasMessage("Key 0 means none and has no embedding");
  }
}
