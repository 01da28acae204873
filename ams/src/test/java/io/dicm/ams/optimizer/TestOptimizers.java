package io.dicm.ams.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each optimiser against its textbook in double precision. */
class TestOptimizers {
  private static final float RATE = 0.01f;
  private static final int UPDATES = 200;

  /** One value's textbook rule. */
  private interface Textbook {
    double next(double value, double gradient, int count);
  }

  /** Two values between two that are not theirs to change. */
  private static void assertAgrees(Optimizer optimizer, Textbook first, Textbook second) {
    Random random = new Random(3);
    OptimizerState state = OptimizerState.startingAt(new float[] {9, 0.5f, -1, 9}, optimizer);
    double[] w = {0.5, -1};
    for (int t = 1; t <= UPDATES; t++) {
      float[] gradient = {
        77, 88, (float) random.nextGaussian(), (float) (1 + random.nextGaussian())
      };
      optimizer.update(state, 1, 2, gradient, 2, t, RATE);
      w[0] = first.next(w[0], gradient[2], t);
      w[1] = second.next(w[1], gradient[3], t);
    }
    assertThat(state.values()[0]).isEqualTo(9);
    assertThat(state.values()[3]).isEqualTo(9);
    assertThat((double) state.values()[1]).isCloseTo(w[0], within(1e-5));
    assertThat((double) state.values()[2]).isCloseTo(w[1], within(1e-5));
    assertThat(w[1]).isLessThan(-1.05);
  }

  private static Textbook adam() {
    double[] moments = new double[2];
    return (w, g, t) -> {
      moments[0] = 0.9 * moments[0] + 0.1 * g;
      moments[1] = 0.999 * moments[1] + 0.001 * g * g;
      double corrected = moments[1] / (1 - Math.pow(0.999, t));
      return w - RATE * moments[0] / (1 - Math.pow(0.9, t)) / (Math.sqrt(corrected) + 1e-8);
    };
  }

  private static Textbook adagrad() {
    double[] sum = {1e-12};
    return (w, g, t) -> {
      sum[0] += g * g;
      return w - RATE * g / Math.sqrt(sum[0]);
    };
  }

  private static Textbook ftrl(double l1, double l2) {
    double[] zn = new double[2];
    return (w, g, t) -> {
      double sigma = (Math.sqrt(zn[1] + g * g) - Math.sqrt(zn[1])) / RATE;
      zn[0] += g - sigma * w;
      zn[1] += g * g;
      return Math.abs(zn[0]) <= l1
          ? 0
          : -(zn[0] - Math.signum(zn[0]) * l1) / ((1 + Math.sqrt(zn[1])) / RATE + l2);
    };
  }

  @Test
  void adamAgreesWithTheTextbook() {
    assertAgrees(new Adam(), adam(), adam());
  }

  /** The first step is one learning rate long; after many the corrections are gone. */
  @Test
  void adamCorrectsItsMomentsByTheNumberOfUpdates() {
    Adam adam = new Adam();
    for (long count : new long[] {1, 2, 355, 356, 357, 37_000, 37_500, 1L << 40}) {
      OptimizerState state = OptimizerState.startingAt(new float[1], adam);
      adam.update(state, 0, 1, new float[] {2}, 0, count, RATE);
      double first = 0.1 * 2 / (1 - Math.pow(0.9, (double) count));
      double second = 0.001 * 4 / (1 - Math.pow(0.999, (double) count));
      double expected = -RATE * first / (Math.sqrt(second) + 1e-8);
      assertThat((double) state.values()[0]).isCloseTo(expected, within(1e-5 * -expected));
    }
  }

  @Test
  void adagradAgreesWithTheTextbook() {
    assertAgrees(new Adagrad(), adagrad(), adagrad());
  }

  @Test
  void gradientDescentAgreesWithTheTextbook() {
    assertAgrees(new Sgd(), (w, g, t) -> w - RATE * g, (w, g, t) -> w - RATE * g);
  }

  /** FTRL forgets where it started: values are a function of the gradients seen. */
  @Test
  void ftrlAgreesWithTheTextbook() {
    Random random = new Random(4);
    Textbook textbook = ftrl(0.3, 2);
    Ftrl ftrl = new Ftrl(0.3f, 2);
    OptimizerState state = OptimizerState.startingAt(new float[] {0.2f}, ftrl);
    double w = 0.2f;
    for (int t = 1; t <= UPDATES; t++) {
      float gradient = (float) (0.3 + random.nextGaussian());
      ftrl.update(state, 0, 1, new float[] {gradient}, 0, t, RATE);
      w = textbook.next(w, gradient, t);
      assertThat((double) state.values()[0]).isCloseTo(w, within(1e-5));
    }
    assertThat(w).isLessThan(-0.005);
  }

  @Test
  void ftrlSetsWhatIsSmallToZero() {
    Ftrl ftrl = new Ftrl(5, 0);
    OptimizerState state = OptimizerState.startingAt(new float[1], ftrl);
    for (int t = 1; t <= 4; t++) {
      ftrl.update(state, 0, 1, new float[] {1}, 0, t, RATE);
    }
    assertThat(state.values()[0]).isZero();
    for (int t = 5; t <= 9; t++) {
      ftrl.update(state, 0, 1, new float[] {1}, 0, t, RATE);
    }
    assertThat(state.values()[0]).isNegative();
  }

  @Test
  void learningRateShrinksInSteps() {
    LearningRate rate = new LearningRate(0.001f, 0.9f, 24_000);
    assertThat(rate.at(0)).isEqualTo(0.001f);
    assertThat(rate.at(23_999)).isEqualTo(0.001f);
    assertThat(rate.at(24_000)).isCloseTo(0.0009f, within(1e-9f));
    assertThat(rate.at(48_000)).isCloseTo(0.00081f, within(1e-9f));
    assertThat(LearningRate.constant(0.5f).at(1L << 40)).isEqualTo(0.5f);
  }

  @Test
  void refusesALearningRateThatIsNoPositiveNumber() {
    for (float rate : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> LearningRate.constant(rate))
          .hasMessage("Learning rate was " + rate + ", needed > 0");
    }
    assertThatThrownBy(() -> new LearningRate(1, 1.1f, 10)).hasMessageContaining("1.1 every 10");
  }

  /** More values than a block has, of another beginning than their gradient. */
  @Test
  void adamUpdatesAnyLengthAsItUpdatesOneValue() {
    Random random = new Random(11);
    Adam adam = new Adam();
    int length = 2500;
    OptimizerState all = OptimizerState.startingAt(new float[length + 3], adam);
    OptimizerState ones = all.copy();
    for (int count = 1; count <= 3; count++) {
      float[] gradient = gradient(random, length + 7);
      adam.update(all, 3, length, gradient, 7, count, RATE);
      for (int i = 0; i < length; i++) {
        adam.update(ones, 3 + i, 1, gradient, 7 + i, count, RATE);
      }
    }
    assertThat(all.values()).containsExactly(ones.values());
    assertThat(all.slots()).isDeepEqualTo(ones.slots());
  }

  /** Rows of all ages; those beyond stay as they are. */
  @Test
  void rowsSideBySideAreUpdatedAsOneAfterAnother() {
    Random random = new Random(5);
    int rows = 9;
    int width = 13;
    for (Optimizer optimizer :
        List.of(new Adam(), new Adagrad(), new Ftrl(0.01f, 0.1f), new Sgd())) {
      OptimizerState together =
          OptimizerState.startingAt(gradient(random, (rows + 1) * width), optimizer);
      OptimizerState apart = together.copy();
      long[] counts = {1, 1, 2, 3, 40, 500, 6_000, 70_000, 1L << 33};
      for (int step = 0; step < 3; step++) {
        float[] gradient = gradient(random, (rows + 1) * width);
        optimizer.updateRows(together, rows, width, gradient, counts, RATE);
        for (int row = 0; row < rows; row++) {
          optimizer.update(apart, row * width, width, gradient, row * width, counts[row], RATE);
          counts[row]++;
        }
      }
      assertThat(together.values()).containsExactly(apart.values());
      assertThat(together.slots()).isDeepEqualTo(apart.slots());
    }
  }

  private static float[] gradient(Random random, int length) {
    float[] gradient = new float[length];
    for (int i = 0; i < length; i++) {
      gradient[i] = (float) random.nextGaussian();
    }
    return gradient;
  }
}
