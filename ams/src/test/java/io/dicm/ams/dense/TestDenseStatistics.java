package io.dicm.ams.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.OptimizerState;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dense vectors that begin with statistics of batches. */
class TestDenseStatistics {
  private static DenseParameters alone(int statistics, float... initial) {
    DenseParameters dense = new DenseParameters(0, 1, new Adagrad());
    dense.offer(0, initial.length, statistics, initial);
    return dense;
  }

  /** The value after the first step is the step's, whatever was there; then a mean of all. */
  @Test
  void firstIsTheMeanOfTheStepsSoFar() {
    DenseParameters dense = alone(2, 1, 0.3f, 5);

    dense.update(new float[] {0.1f, 4, 0}, 0.5f, 0);
    assertThat(dense.values()).containsExactly(0.1f, 4, 5);
    dense.update(new float[] {0.3f, 1, 0}, 0.5f, 0);
    assertThat(dense.values()).containsExactly(new float[] {0.2f, 2.5f, 5}, within(1e-6f));
    dense.update(new float[] {0.8f, 1, 0}, 0.5f, 0);
    assertThat(dense.values()).containsExactly(new float[] {0.4f, 2, 5}, within(1e-6f));
  }

  @Test
  void laterAHundredthOfEachStepCounts() {
    DenseParameters dense = alone(1, 0);
    Random random = new Random(3);
    double running = 0;
    for (int updates = 1; updates <= 400; updates++) {
      float mean = (float) random.nextGaussian();
      running += Math.max(1.0 / updates, 0.01) * (mean - running);
      dense.update(new float[] {mean}, 0.5f, 0);
      assertThat((double) dense.values()[0]).isCloseTo(running, within(1e-5));
    }
    float before = dense.values()[0];
    dense.update(new float[] {before + 1}, 0.5f, 0);
    assertThat(dense.values()[0]).isCloseTo(before + 0.01f, within(1e-6f));
  }

  /** What is no statistic is trained as if there were none, and they have slots of no use. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7})
  void rangesOfServersCutThroughTheStatistics(int servers) {
    int length = 7;
    int statistics = 4;
    float[] initial = {1, 2, 3, 4, 5, 6, 7};
    float[] whole = new float[length];
    float[][] slots = new float[2][length];
    for (int server = 0; server < servers; server++) {
      DenseRange range = DenseRange.of(length, server, servers);
      DenseParameters dense = new DenseParameters(server, servers, new Adam());
      dense.offer(0, length, statistics, Arrays.copyOfRange(initial, range.from(), range.to()));
      for (int step = 1; step <= 3; step++) {
        float[] gradient = new float[range.length()];
        for (int i = 0; i < gradient.length; i++) {
          gradient[i] = step * (range.from() + i + 1);
        }
        dense.update(gradient, 0.1f, 0);
      }
      DenseSnapshot snapshot = dense.snapshot();
      assertThat(snapshot.statistics()).isEqualTo(statistics);
      System.arraycopy(dense.values(), 0, whole, range.from(), range.length());
      for (int slot = 0; slot < 2; slot++) {
        System.arraycopy(
            snapshot.range().slots()[slot], 0, slots[slot], range.from(), range.length());
      }
    }
    // The mean of 1, 2 and 3 times the place.
    assertThat(Arrays.copyOf(whole, statistics))
        .containsExactly(new float[] {2, 4, 6, 8}, within(1e-5f));
    OptimizerState trained =
        OptimizerState.startingAt(Arrays.copyOfRange(initial, statistics, length), new Adam());
    for (int step = 1; step <= 3; step++) {
      float[] gradient = {step * 5, step * 6, step * 7};
      new Adam().update(trained, 0, 3, gradient, 0, step, 0.1f);
    }
    assertThat(Arrays.copyOfRange(whole, statistics, length)).isEqualTo(trained.values());
    for (int slot = 0; slot < 2; slot++) {
      assertThat(Arrays.copyOf(slots[slot], statistics)).containsOnly(0);
      assertThat(Arrays.copyOfRange(slots[slot], statistics, length))
          .isEqualTo(trained.slots()[slot]);
    }
  }

  @Test
  void goesOnFromASnapshot() {
    DenseParameters dense = alone(1, 0, 1);
    dense.update(new float[] {2, 1}, 0.1f, 0);
    DenseSnapshot snapshot = dense.snapshot();
    DenseParameters restored = new DenseParameters(0, 1, new Adagrad());
    restored.restore(snapshot);
    restored.offer(0, 2, 1, new float[] {9, 9});

    dense.update(new float[] {3, 2}, 0.1f, 0);
    restored.update(new float[] {3, 2}, 0.1f, 0);

    assertThat(dense.values()[0]).isEqualTo(2.5f);
    assertThat(restored.values()).isEqualTo(dense.values());
  }

  /** A phase that does not know the statistic leaves nothing behind in it. */
  @Test
  void aStatisticBeginsAnewInANewPhase() {
    DenseParameters dense = alone(1, 7, 1);
    for (int step = 0; step < 50; step++) {
      dense.update(new float[] {0, 1}, 0.1f, 0);
    }
    assertThat(dense.values()[0]).isZero();
    dense.update(new float[] {4, 1}, 0.1f, 1);
    assertThat(dense.values()[0]).isEqualTo(4);
    dense.update(new float[] {2, 1}, 0.1f, 1);
    assertThat(dense.values()[0]).isEqualTo(3);
  }

  @Test
  void refusesWorkersOfOtherStatistics() {
    DenseParameters dense = alone(2, 0, 0, 0);
    assertRefused(
        dense,
        1,
        "Cannot let worker 1 join: 1 of its dense parameters are statistics of batches, of those of"
            + " the others 2. All workers need the same network.");
    DenseParameters restored = new DenseParameters(0, 1, new Adam());
    restored.restore(
        new DenseSnapshot(3, 0, 1, 0, OptimizerState.startingAt(new float[3], new Adam())));
    assertRefused(
        restored,
        1,
        "Cannot let worker 1 join: 1 of its dense parameters are statistics of batches, of those of"
            + " the checkpoint 0. All workers need the same network.");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 4})
  void refusesStatisticsThatAreNotOfTheVector(int statistics) {
    assertRefused(
        new DenseParameters(0, 1, new Adam()),
        statistics,
        "Cannot let worker 1 join: "
            + statistics
            + " of its 3 dense parameters are statistics of batches, allowed 0..3.");
  }

  private static void assertRefused(DenseParameters dense, int statistics, String message) {
    assertThatThrownBy(() -> dense.offer(1, 3, statistics, new float[3]))
        .hasMessage(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INTERNAL);
  }
}
