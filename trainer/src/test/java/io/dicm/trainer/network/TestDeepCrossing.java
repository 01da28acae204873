package io.dicm.trainer.network;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deep Crossing against its formulas. */
class TestDeepCrossing {
  private static final int[] BEHAVIORS = {0, 0, 0};
  private static final List<Integer> HIDDEN = List.of(6, 5, 2);

  @ParameterizedTest
  @CsvSource({"0, 2, 2", "3, 2, 1", "2, 0, 3", "0, 1, 0"})
  void residualUnitsReadStackedEmbeddings(int images, int sampleFields, int impressionFields) {
    IdShape shape = new IdShape(sampleFields, impressionFields, 0, 0, List.of(), 3, 0, images, 0);
    NetworkOptions options =
        new NetworkOptions(IdNetworkKind.DEEP_CROSSING, HIDDEN, null, 0.0, null, null, null, null);
    NetworkProblem problem =
        new NetworkProblem(
            IdNetworkKind.network(options, shape), shape, BEHAVIORS, StepContext.PLAIN, 9);
    problem.check(TestDeepCrossing::scores);
    problem.checkForward(TestDeepCrossing::scores, false);
  }

  private static double[][] scores(NetworkProblem p) {
    double[][] logits = new double[p.impressions()][];
    for (int i = 0; i < logits.length; i++) {
      double[] x = p.flatInputs(i);
      double[] bias = p.get("embedding.bias");
      for (int k = 0; k < bias.length; k++) {
        x[k] = Math.max(x[k] + bias[k], 0);
      }
      for (int unit = 0; unit < HIDDEN.size(); unit++) {
        double[] inner = NetworkProblem.relu(p.linear("unit." + unit + ".0", x));
        double[] added = p.linear("unit." + unit + ".1", inner);
        for (int k = 0; k < x.length; k++) {
          x[k] = Math.max(x[k] + added[k], 0);
        }
      }
      logits[i] = new double[] {0, p.linear("score", x)[0]};
    }
    return logits;
  }
}
