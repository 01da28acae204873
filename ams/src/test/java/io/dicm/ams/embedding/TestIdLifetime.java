package io.dicm.ams.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adam;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When IDs get an embedding of their own, and when they lose it. */
class TestIdLifetime {
  private static final int DIMENSION = 2;
  private static final long SEED = 3;
  private static final float RATE = 0.01f;
  private static final float[] ONES = {1, 1};

  private final MemoryBudget budget = new MemoryBudget("the IDs", "Take fewer.", 1L << 28);
  private final List<EmbeddingTable> tables = new ArrayList<>();

  @AfterEach
  void closeFrees() {
    tables.forEach(EmbeddingTable::close);
    assertThat(budget.takenBytes()).isZero();
  }

  private EmbeddingTable table(int admissionCount, long expirySteps, long floorRows) {
    EmbeddingOptions options =
        new EmbeddingOptions(admissionCount, expirySteps, floorRows, Long.MAX_VALUE);
    EmbeddingTable table = new EmbeddingTable(DIMENSION, SEED, new Adam(), 0, options, budget);
    tables.add(table);
    return table;
  }

  private static float[] initial(long key) {
    float[] values = new float[DIMENSION];
    InitialValues.ofEmbeddings(SEED, DIMENSION).fill(key, values, 0);
    return values;
  }

  private static float[] ask(EmbeddingTable table, long step, long key) {
    return table.values(table.rowsOf(step, new long[] {key}));
  }

  private static float[] train(EmbeddingTable table, long step, long key) {
    int[] row = table.rowsOf(step, new long[] {key});
    table.update(row, ONES.clone(), RATE);
    return table.values(row);
  }

  private static Set<Long> keys(EmbeddingTable table) {
    Set<Long> keys = new HashSet<>();
    table.forEach((key, values) -> keys.add(key));
    return keys;
  }

  @Test
  void anIdIsTrainedInTheStepThatMakesItsCountFull() {
    EmbeddingTable table = table(3, 0, 0);
    assertThat(train(table, 0, 7)).isEqualTo(initial(7));
    // The same step again, from another worker, is not another step.
    assertThat(train(table, 0, 7)).isEqualTo(initial(7));
    assertThat(train(table, 1, 7)).isEqualTo(initial(7));
    assertThat(table.statistics())
        .extracting(EmbeddingStatistics::rows, EmbeddingStatistics::candidates)
        .containsExactly(0L, 1L);
    assertThat(keys(table)).isEmpty();

    assertThat(ask(table, 50, 7)).isEqualTo(initial(7));
    assertThat(train(table, 50, 7)).isNotEqualTo(initial(7));
    assertThat(table.statistics())
        .extracting(EmbeddingStatistics::rows, EmbeddingStatistics::candidates)
        .containsExactly(1L, 0L);
    assertThat(keys(table)).containsExactly(7L);
  }

  /** A later step may begin before an earlier one's gradients come. */
  @Test
  void whatWasACandidateInAStepIsNotTrainedByIt() {
    EmbeddingTable table = table(2, 0, 0);
    int[] first = table.rowsOf(0, new long[] {7});
    int[] second = table.rowsOf(1, new long[] {7});
    assertThat(second).isNotEqualTo(first);
    table.rowsOf(1, new long[] {8});
    table.update(first, ONES.clone(), RATE);
    assertThat(table.values(second)).isEqualTo(initial(7));
    table.update(second, ONES.clone(), RATE);
    assertThat(table.values(second)).isNotEqualTo(initial(7));
  }

  @Test
  void anIdBeginsAnewAfterItsTime() {
    EmbeddingTable table = table(1, 100, 0);
    float[] once = train(table, 0, 7);
    float[] twice = train(table, 100, 7);
    assertThat(twice).isNotEqualTo(once);
    // 100 steps without it, 101 to 200: it is gone, with its moments and counts.
    assertThat(ask(table, 201, 7)).isEqualTo(initial(7));
    assertThat(train(table, 201, 7)).isEqualTo(once);
    assertThat(table.statistics())
        .extracting(
            EmbeddingStatistics::begun, EmbeddingStatistics::admitted, EmbeddingStatistics::expired)
        .containsExactly(2L, 2L, 1L);
  }

  @Test
  void aCandidateIsForgottenAsWell() {
    EmbeddingTable table = table(2, 100, 1_000);
    train(table, 0, 7);
    assertThat(train(table, 101, 7)).isEqualTo(initial(7));
    assertThat(train(table, 201, 7)).isNotEqualTo(initial(7));
  }

  @Test
  void whatHasExpiredIsNoLongerVisibleThoughItsMemoryIsStillHeld() {
    EmbeddingTable table = table(1, 100, 0);
    table.rowsOf(0, LongStream.range(1, 100_000).toArray());
    table.stepFinished(1);
    assertThat(keys(table)).hasSize(99_999);
    table.rowsOf(100, new long[] {5});
    table.stepFinished(101);
    assertThat(keys(table)).containsExactly(5L);
    assertThat(table.statistics().rows()).isBetween(90_000L, 99_999L);
    for (long steps = 102; steps < 202; steps++) {
      table.stepFinished(steps);
    }
    assertThat(table.statistics())
        .extracting(EmbeddingStatistics::rows, EmbeddingStatistics::expired)
        .containsExactly(0L + 1, 99_998L);
  }

  @Test
  void memoryIsUsedAgain() {
    EmbeddingTable table = table(2, 100, 0);
    long bytesOnce = 0;
    for (long step = 0; step < 3_000; step++) {
      long first = 1 + step * 50;
      table.rowsOf(step, LongStream.range(first, first + 100).toArray());
      table.stepFinished(step + 1);
      if (step == 400) {
        bytesOnce = table.statistics().bytes();
      }
    }
    assertThat(table.statistics().bytes()).isEqualTo(bytesOnce);
    assertThat(table.statistics().expired()).isGreaterThan(130_000);
    assertThat(table.statistics().rows()).isLessThan(12_000);
  }

  @Test
  void theFloorKeepsTheLatestUsed() {
    EmbeddingTable table = table(1, 100, 3);
    for (long step = 0; step < 10; step++) {
      table.rowsOf(step, new long[] {step + 1});
      table.stepFinished(step + 1);
    }
    for (long step = 10; step < 500; step++) {
      table.stepFinished(step + 1);
    }
    assertThat(keys(table)).containsExactlyInAnyOrder(8L, 9L, 10L);
    assertThat(table.statistics().rows()).isEqualTo(3);
    // One more, so that one may go.
    train(table, 500, 99);
    table.stepFinished(501);
    assertThat(keys(table)).containsExactlyInAnyOrder(9L, 10L, 99L);
    // All of a step or none: with two of the latest step, none of the others is needed.
    table.rowsOf(501, new long[] {20, 21, 22, 23});
    table.stepFinished(502);
    assertThat(keys(table)).containsExactlyInAnyOrder(99L, 20L, 21L, 22L, 23L);
  }

  @Test
  void aFloorThatIsNotReachedKeepsAll() {
    EmbeddingTable table = table(1, 100, 50);
    for (long step = 0; step < 2_000; step++) {
      if (step % 100 == 0) {
        table.rowsOf(step, new long[] {step + 1});
      }
      table.stepFinished(step + 1);
    }
    assertThat(keys(table)).hasSize(20);
  }

  @Test
  void theFloorIsSharedOut() {
    EmbeddingOptions options = new EmbeddingOptions(2, 100, 10, 5);
    assertThat(options.shareOf(1)).isEqualTo(options);
    assertThat(options.shareOf(3)).isEqualTo(new EmbeddingOptions(2, 100, 4, 5));
    assertThat(options.shareOf(5)).isEqualTo(new EmbeddingOptions(2, 100, 2, 5));
  }

  @Test
  void refusesOptionsThatCannotBe() {
    assertThatThrownBy(() -> new EmbeddingOptions(0, 0, 0, 1))
        .hasMessage(
            "Cannot set up the ID embeddings: dicm.train.id-admission-count was 0, allowed >= 1.");
    assertThatThrownBy(() -> new EmbeddingOptions(1, 99, 0, 1))
        .hasMessageContaining(
            "dicm.train.id-expiry-steps was 99, allowed 0 (never) or >= 100 steps");
    assertThatThrownBy(() -> new EmbeddingOptions(1, 0, -1, 1))
        .hasMessageContaining("dicm.train.id-floor-rows was -1");
  }
}
