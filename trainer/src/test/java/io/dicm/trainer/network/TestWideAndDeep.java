package io.dicm.trainer.network;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wide &amp; Deep against its formula. */
class TestWideAndDeep {
  private static final int[] BEHAVIORS = {0, 0, 0};

  @ParameterizedTest
  @CsvSource({"0, 2, 2, 3", "3, 2, 1, 0", "2, 0, 3, 1", "0, 1, 0, 0"})
  void logOddsAreTheSumOfBothParts(
      int images, int sampleFields, int impressionFields, int crosses) {
    IdShape shape =
        new IdShape(
            sampleFields,
            impressionFields,
            crosses,
            0,
            List.of(),
            3,
            2,
            images,
            0,
            impressionFields,
            Math.min(1, sampleFields));
    NetworkOptions options =
        new NetworkOptions(
            IdNetworkKind.WIDE_DEEP,
            List.of(6, 5, 4),
            Activation.RELU,
            0.0,
            null,
            null,
            null,
            null);
    NetworkProblem problem =
        new NetworkProblem(
            IdNetworkKind.network(options, shape), shape, BEHAVIORS, StepContext.PLAIN, 10);
    problem.check(TestWideAndDeep::scores);
    problem.checkForward(TestWideAndDeep::scores, false);
  }

  private static double[][] scores(NetworkProblem p) {
    double[][] logits = new double[p.impressions()][];
    for (int i = 0; i < logits.length; i++) {
      double[] h = p.flatInputs(i);
      for (int layer = 0; layer < 3; layer++) {
        h = NetworkProblem.relu(p.linear("deep." + layer, h));
      }
      double z = p.linear("deep.3", h)[0];
      for (int field = 0; field < p.shape().fields(); field++) {
        z += p.weight(i, field);
      }
      for (int cross = 0; cross < p.shape().crosses(); cross++) {
        z += p.crossWeight(i, cross);
      }
      logits[i] = new double[] {0, z};
    }
    return logits;
  }
}
