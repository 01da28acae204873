package io.dicm.ams.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.common.key.Buckets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestEmbeddingTable {
  private static final int DIMENSION = 3;

  private static EmbeddingTable table() {
    return new EmbeddingTable(DIMENSION, 42, new Adam(), 0);
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

  private static Map<Long, String> train(int servers) {
    EmbeddingTable[] tables = new EmbeddingTable[servers];
    for (int s = 0; s < servers; s++) {
      tables[s] = table();
    }
    Random random = new Random(1);
    for (int step = 0; step < 30; step++) {
      long[] keys = random.longs(400, 1, 20_000).distinct().toArray();
      for (int s = 0; s < servers; s++) {
        int server = s;
        long[] own =
            Arrays.stream(keys).filter(key -> Buckets.serverOf(key, servers) == server).toArray();
        tables[s].update(tables[s].rowsOf(own), gradients(own, step), 0.01f);
      }
    }
    Map<Long, String> values = new HashMap<>();
    for (EmbeddingTable table : tables) {
      table.forEach(
          (key, row, offset) ->
              values.put(key, row[offset] + " " + row[offset + 1] + " " + row[offset + 2]));
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
    forth.rowsOf(new long[] {5, 6});
    back.rowsOf(new long[] {6, 5});
    float[] five = forth.values(forth.rowsOf(new long[] {5}));
    assertThat(back.values(back.rowsOf(new long[] {5}))).isEqualTo(five);
    for (float value : five) {
      assertThat(value).isBetween(-0.05f, 0.05f).isNotZero();
    }
    EmbeddingTable other = new EmbeddingTable(DIMENSION, 43, new Adam(), 0);
    assertThat(other.values(other.rowsOf(new long[] {5}))).isNotEqualTo(five);
    assertThat(forth.values(forth.rowsOf(new long[] {6}))).isNotEqualTo(five);
  }

  @Test
  void updatesTouchedRowsOnlyAndCountsTheirUpdates() {
    EmbeddingTable table = table();
    int[] rows = table.rowsOf(new long[] {1, 2});
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
    EmbeddingTable table = new EmbeddingTable(DIMENSION, 42, new Sgd(), l2);
    int[] row = table.rowsOf(new long[] {7});
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
    int[] row = table.rowsOf(new long[] {7});
    float[] before = table.values(row);
    EmbeddingSnapshot snapshot = table.snapshot();
    table.update(row, new float[] {1, 1, 1}, 0.01f);
    table.rowsOf(new long[] {8});
    assertThat(snapshot.rows()).isEqualTo(1);
    snapshot.forEach(
        (key, updates, state, offset) -> {
          assertThat(key).isEqualTo(7);
          assertThat(updates).isZero();
          assertThat(Arrays.copyOfRange(state.values(), offset, offset + DIMENSION))
              .isEqualTo(before);
        });
    snapshot.release();
    EmbeddingSnapshot second = table.snapshot();
    second.release();
    float[] now = table.values(row);
    table.update(row, new float[] {1, 1, 1}, 0.01f);
    second.forEach(
        (key, updates, state, offset) -> {
          if (key == 7) {
            // Nothing was copied: the released snapshot sees the table itself.
            assertThat(state.values()[offset]).isNotEqualTo(now[0]);
          }
        });
  }

  @Test
  void hasNoRowForNone() {
    assertThatThrownBy(() -> table().rowsOf(new long[] {1, 0}))
        .hasMessage("Key 0 means none and has no embedding");
  }
}
