package io.dicm.ams.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.ams.optimizer.Sgd;
import io.dicm.ams.table.MergedRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random trainings on a table and on a {@link PlainTable}, with checkpoints that are read later and
 * gone on from: all must be the same to the bit.
 */
class TestEmbeddingTableRandomly {
  private static final int DIMENSION = 5;
  private static final long SEED = 17;
  private static final float RATE = 0.02f;
  private static final float WEIGHT_RATE = 0.3f;
  private static final int STEPS = 1000;
  private static final List<Optimizer> OPTIMIZERS =
      List.of(new Adam(), new Adagrad(), new Ftrl(0.01f, 0.1f), new Sgd());

  private final MemoryBudget budget = new MemoryBudget("the IDs", "Take fewer.", 1L << 28);

  /** A checkpoint that is still open, and what must be in it. */
  private record Open(EmbeddingSnapshot snapshot, long steps, Map<Long, String> contents) {}

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17})
  void doesWhatAPlainTableDoes(long seed) {
    Random random = new Random(seed);
    ByColumns optimizers = optimizers((int) seed);
    float l2 = random.nextBoolean() ? 0.3f : 0;
    EmbeddingOptions options =
        new EmbeddingOptions(
            1 + random.nextInt(4),
            random.nextInt(4) == 0 ? 0 : 100 + random.nextInt(60),
            random.nextBoolean() ? 0 : random.nextInt(400),
            Long.MAX_VALUE);
    PlainTable plain = new PlainTable(optimizers, SEED, l2, options);
    EmbeddingTable table = table(optimizers, l2, options);
    List<Open> open = new ArrayList<>();
    for (long step = 0; step < STEPS; step++) {
      // Sometimes nothing is asked for, so that much expires.
      if (step / 100 % 4 != 3 || random.nextInt(50) == 0) {
        runStep(random, step, table, plain);
      }
      table.stepFinished(step + 1);
      plain.stepFinished(step + 1);
      if (random.nextInt(100) == 0) {
        open.add(new Open(table.snapshot(), step + 1, plain.contents()));
      }
      if (!open.isEmpty() && random.nextInt(60) == 0) {
        Open one = open.remove(random.nextInt(open.size()));
        assertThat(contents(one.snapshot())).isEqualTo(one.contents());
        one.snapshot().release();
      }
      if (random.nextInt(300) == 0) {
        assertThat(trainedKeys(table)).isEqualTo(trained(plain.contents()));
        table = restored(table, step + 1, optimizers, l2, options);
      }
    }
    EmbeddingSnapshot last = table.snapshot();
    assertThat(contents(last)).isEqualTo(plain.contents()).isNotEmpty();
    last.release();
    table.close();
    for (Open one : open) {
      assertThat(contents(one.snapshot())).isEqualTo(one.contents());
      one.snapshot().release();
    }
    assertThat(budget.takenBytes()).isZero();
  }

  /** The first are embeddings alone, then come weights beside them, with another optimiser. */
  private static ByColumns optimizers(int seed) {
    Optimizer embedding = OPTIMIZERS.get(seed % 4);
    return seed < 12
        ? ByColumns.embeddingAlone(DIMENSION, embedding)
        : new ByColumns(
            new RowColumns(DIMENSION - 2, 2), embedding, OPTIMIZERS.get((seed % 4 + seed / 4) % 4));
  }

  private EmbeddingTable table(ByColumns optimizers, float l2, EmbeddingOptions options) {
    return new EmbeddingTable(optimizers, SEED, l2, options, budget);
  }

  /** Some workers ask, most keys often, some seldom; then come their gradients. */
  private static void runStep(Random random, long step, EmbeddingTable table, PlainTable plain) {
    List<long[]> requests = new ArrayList<>();
    for (int worker = 0; worker < 1 + random.nextInt(3); worker++) {
      requests.add(
          random
              .ints(1 + random.nextInt(40))
              .mapToLong(i -> 1 + (i & 3) * 1_000_003L * ((i >>> 2) % ((i & 1) == 0 ? 30 : 900)))
              .distinct()
              .toArray());
    }
    MergedRows merged =
        MergedRows.of(requests.stream().map(keys -> table.rowsOf(step, keys)).toList());
    long[] keys = requests.stream().flatMapToLong(Arrays::stream).distinct().toArray();
    assertThat(merged.uniqueRows()).hasSize(keys.length);
    float[] values = table.values(merged.uniqueRows());
    float[] gradients = new float[values.length];
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = (float) random.nextGaussian();
    }
    float[] expected = new float[values.length];
    for (int i = 0; i < keys.length; i++) {
      int from = i * DIMENSION;
      System.arraycopy(plain.ask(step, keys[i]), 0, expected, from, DIMENSION);
      plain.update(
          keys[i], Arrays.copyOfRange(gradients, from, from + DIMENSION), RATE, WEIGHT_RATE);
    }
    assertThat(Arrays.equals(values, expected)).as("values of step %s", step).isTrue();
    table.update(merged.uniqueRows(), gradients, RATE, WEIGHT_RATE);
  }

  /** Another table that goes on where this one, then closed, has come to. */
  private EmbeddingTable restored(
      EmbeddingTable table, long steps, ByColumns optimizers, float l2, EmbeddingOptions options) {
    EmbeddingTable other = table(optimizers, l2, options);
    EmbeddingSnapshot snapshot = table.snapshot();
    table.close();
    snapshot.forEach(
        new EmbeddingVisitor<RuntimeException>() {
          @Override
          public void row(long key, IdHistory history, OptimizerState state) {
            other.restoreRow(key, history, state);
          }

          @Override
          public void candidate(long key, IdHistory history) {
            other.restoreCandidate(key, history);
          }
        });
    snapshot.release();
    other.restored(steps);
    return other;
  }

  private static Map<Long, String> contents(EmbeddingSnapshot snapshot) {
    Map<Long, String> contents = new HashMap<>();
    snapshot.forEach(
        new EmbeddingVisitor<RuntimeException>() {
          @Override
          public void row(long key, IdHistory history, OptimizerState state) {
            assertThat(contents.put(key, PlainTable.words(history, state))).isNull();
          }

          @Override
          public void candidate(long key, IdHistory history) {
            assertThat(contents.put(key, PlainTable.words(history))).isNull();
          }
        });
    return contents;
  }

  private static List<Long> trainedKeys(EmbeddingTable table) {
    List<Long> keys = new ArrayList<>();
    table.forEach((key, values) -> keys.add(key));
    return keys.stream().sorted().toList();
  }

  private static List<Long> trained(Map<Long, String> contents) {
    return contents.entrySet().stream()
        .filter(entry -> !entry.getValue().endsWith("candidate"))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
