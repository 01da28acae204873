package io.dicm.ams.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TestAdam {
  @Test
  void agreesWithTheTextbookInDoublePrecision() {
    Random random = new Random(3);
    Adam.State state = Adam.State.startingAt(new float[] {9, 0.5f, -1, 9});
    double[] w = {0.5, -1};
    double[] m = new double[2];
    double[] v = new double[2];
    Adam adam = new Adam(0.01f);
    for (int t = 1; t <= 200; t++) {
      float[] gradient = {
        77, 88, (float) random.nextGaussian(), (float) (1 + random.nextGaussian())
      };
      adam.update(state, 1, 2, gradient, 2, t);
      for (int i = 0; i < 2; i++) {
        double g = gradient[2 + i];
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        double corrected = v[i] / (1 - Math.pow(0.999, t));
        w[i] -= 0.01 * m[i] / (1 - Math.pow(0.9, t)) / (Math.sqrt(corrected) + 1e-8);
      }
    }
    assertThat(state.values()[0]).isEqualTo(9);
    assertThat(state.values()[3]).isEqualTo(9);
    assertThat((double) state.values()[1]).isCloseTo(w[0], within(1e-5));
    assertThat((double) state.values()[2]).isCloseTo(w[1], within(1e-5));
    assertThat(w[1]).isLessThan(-1.1);
  }

  @Test
  void refusesALearningRateThatIsNoPositiveNumber() {
    for (float rate : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new Adam(rate))
          .hasMessage("Learning rate was " + rate + ", needed > 0");
    }
  }
}
