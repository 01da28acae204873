package io.dicm.ams.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of IDs that are an embedding and weights. */
class TestByColumns {
  private static final long SEED = 42;
  private static final long[] KEY = {7};
  private static final float RATE = 0.05f;
  private static final float WEIGHT_RATE = 0.1f;

  private final MemoryBudget budget = new MemoryBudget("the IDs", "Take fewer.", 1L << 28);
  private EmbeddingTable table;

  @AfterEach
  void close() {
    table.close();
    assertThat(budget.takenBytes()).isZero();
  }

  private void make(ByColumns optimizers, float l2) {
    table =
        new EmbeddingTable(optimizers, SEED, l2, EmbeddingOptions.everyId(Long.MAX_VALUE), budget);
  }

  /** Embeddings must not depend on what other networks need beside them. */
  @Test
  void weightsBeginAtZeroAndEmbeddingsAsWithoutThem() {
    make(new ByColumns(new RowColumns(3, 2), new Adam(), new Sgd()), 0);
    float[] alone = new float[3];
    InitialValues.ofEmbeddings(SEED, 3).fill(KEY[0], alone, 0);

    float[] row = table.values(table.rowsOf(0, KEY));

    assertThat(row).containsExactly(alone[0], alone[1], alone[2], 0, 0);
    float[] target = new float[7];
    Arrays.fill(target, 9);
    new InitialValues(SEED, new RowColumns(3, 2)).fill(KEY[0], target, 1);
    assertThat(target).containsExactly(9, alone[0], alone[1], alone[2], 0, 0, 9);
  }

  @Test
  void aRowMayBeWeightsAlone() {
    make(new ByColumns(new RowColumns(0, 1), new Adam(), new Sgd()), 0);
    int[] row = table.rowsOf(0, KEY);
    assertThat(table.values(row)).containsExactly(0);

    table.update(row, new float[] {3}, RATE, WEIGHT_RATE);

    assertThat(table.values(row)).containsExactly(new float[] {-0.3f}, within(1e-7f));
  }

  /** Adam with its L2 and FTRL side by side, each with its own rate, from the papers' formulas. */
  @Test
  void eachOptimizerHasItsColumnsItsRateAndItsSlots() {
    int embedding = 3;
    int weights = 2;
    double l1 = 0.3;
    double l2 = 2;
    double idL2 = 0.5;
    make(
        new ByColumns(
            new RowColumns(embedding, weights), new Adam(), new Ftrl((float) l1, (float) l2)),
        (float) idL2);
    int[] row = table.rowsOf(0, KEY);
    float[] initial = table.values(row);
    double[] value = new double[embedding + weights];
    double[] first = new double[embedding];
    double[] second = new double[embedding];
    double[] linear = new double[weights];
    double[] sums = new double[weights];
    for (int i = 0; i < embedding; i++) {
      value[i] = initial[i];
    }
    Random random = new Random(4);
    for (int t = 1; t <= 60; t++) {
      float[] gradient = new float[value.length];
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] = (float) (0.3 + random.nextGaussian());
      }
      for (int i = 0; i < embedding; i++) {
        double g = gradient[i] + idL2 / t * value[i];
        first[i] = 0.9 * first[i] + 0.1 * g;
        second[i] = 0.999 * second[i] + 0.001 * g * g;
        double corrected = Math.sqrt(second[i] / (1 - Math.pow(0.999, t)));
        value[i] -= RATE * first[i] / (1 - Math.pow(0.9, t)) / (corrected + 1e-8);
      }
      for (int i = 0; i < weights; i++) {
        double g = gradient[embedding + i];
        double sigma = (Math.sqrt(sums[i] + g * g) - Math.sqrt(sums[i])) / WEIGHT_RATE;
        linear[i] += g - sigma * value[embedding + i];
        sums[i] += g * g;
        value[embedding + i] =
            Math.abs(linear[i]) <= l1
                ? 0
                : -(linear[i] - Math.signum(linear[i]) * l1)
                    / ((1 + Math.sqrt(sums[i])) / WEIGHT_RATE + l2);
      }
      table.update(row, gradient, RATE, WEIGHT_RATE);
      float[] now = table.values(row);
      for (int i = 0; i < value.length; i++) {
        assertThat((double) now[i])
            .as("column %s, update %s", i, t)
            .isCloseTo(value[i], within(2e-5));
      }
    }
    assertThat(value[3]).isNegative();
  }

  /**
   * Rate 0.1, L1 1, L2 0.5, by hand: z is 0.5, within L1; then -1.5 with a sum of squares of 4.25,
   * so that w = 0.5 / ((1 + sqrt 4.25) / 0.1 + 0.5); then 0.5 - (sqrt 8.25 - sqrt 4.25) / 0.1 * w,
   * within L1 again.
   */
  @Test
  void ftrlMakesSmallWeightsExactlyZero() {
    make(new ByColumns(new RowColumns(1, 1), new Adam(), new Ftrl(1, 0.5f)), 0);
    int[] row = table.rowsOf(0, KEY);

    assertThat(weightAfter(row, 0.5f)).isZero();
    assertThat(weightAfter(row, -2)).isCloseTo(0.0160691f, within(1e-6f));
    assertThat(weightAfter(row, 2)).isZero();
  }

  private float weightAfter(int[] row, float gradient) {
    table.update(row, new float[] {1, gradient}, RATE, WEIGHT_RATE);
    return table.values(row)[1];
  }

  @Test
  void slotsBeginAsTheirColumnsOptimizerSays() {
    make(new ByColumns(new RowColumns(2, 1), new Adagrad(), new Adam()), 0);
    int[] row = table.rowsOf(0, KEY);
    table.update(row, new float[] {1, 0, 2}, RATE, WEIGHT_RATE);
    EmbeddingSnapshot snapshot = table.snapshot();

    snapshot.forEach(
        new EmbeddingVisitor<RuntimeException>() {
          @Override
          public void row(long key, IdHistory history, OptimizerState state) {
            assertThat(history.updates()).isOne();
            assertThat(state.slots()).hasNumberOfRows(2);
            float initial = new Adagrad().initial(0);
            assertThat(state.slots()[0])
                .containsExactly(new float[] {1 + initial, initial, 0.2f}, within(1e-6f));
            assertThat(state.slots()[0][1]).isPositive().isEqualTo(initial);
            assertThat(state.slots()[1]).containsExactly(new float[] {0, 0, 0.004f}, within(1e-6f));
          }

          @Override
          public void candidate(long key, IdHistory history) {
            throw new AssertionError("There are no candidates");
          }
        });
    snapshot.release();
  }

  @Test
  void memoryIsWithinWhatWasPlanned() {
    ByColumns optimizers = new ByColumns(new RowColumns(3, 2), new Sgd(), new Adam());
    make(optimizers, 0);
    int ids = 50_000;

    table.rowsOf(0, LongStream.rangeClosed(1, ids).map(key -> key * 0x9E3779B97F4A7C15L).toArray());

    long planned = EmbeddingTable.bytesFor(ids, optimizers);
    assertThat(planned).isGreaterThan(ids * (24L + 3 * 5 * Float.BYTES));
    assertThat(budget.takenBytes()).isBetween(planned / 2, planned);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "-1, 1", "1, -1"})
  void refusesRowsOfNothing(int embedding, int weights) {
    make(ByColumns.embeddingAlone(1, new Sgd()), 0);
    assertThatThrownBy(() -> new RowColumns(embedding, weights))
        .hasMessage(
            "Cannot set up the ID embeddings: an ID's row had %d embedding values and %d weights, allowed >= 0 of each and >= 1 together.",
            embedding, weights)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }
}
