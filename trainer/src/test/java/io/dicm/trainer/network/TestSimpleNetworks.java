package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logistic regression and Embedding &amp; MLP against their formulas. */
class TestSimpleNetworks {
  private static final int[] BEHAVIORS = {2, 0, 3};

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void logisticRegressionIsTheSumOfWeights(int images) {
    IdShape shape = new IdShape(2, 2, 3, 0, List.of(), 4, 2, images, 0, 2, 1);
    NetworkOptions options = NetworkOptions.usual(IdNetworkKind.LR);
    NetworkProblem problem =
        new NetworkProblem(
            IdNetworkKind.network(options, shape), shape, BEHAVIORS, StepContext.PLAIN, 3);
    problem.check(
        p -> {
          double[][] logits = new double[p.impressions()][];
          for (int i = 0; i < logits.length; i++) {
            double z = images == 0 ? p.get("lr.bias")[0] : p.linear("lr.images", p.images(i))[0];
            for (int field = 0; field < shape.fields(); field++) {
              z += p.weight(i, field);
            }
            for (int cross = 0; cross < shape.crosses(); cross++) {
              z += p.crossWeight(i, cross);
            }
            logits[i] = new double[] {0, z};
          }
          return logits;
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3})
  void embeddingAndMlpIsAPerceptronOfEverything(int images) {
    IdShape shape = new IdShape(2, 1, 0, 0, List.of(), 3, 0, 0, images);
    NetworkOptions options =
        new NetworkOptions(
            IdNetworkKind.EMBEDDING_MLP,
            List.of(5, 4),
            Activation.PRELU,
            0.0,
            null,
            null,
            null,
            null);
    NetworkProblem problem =
        new NetworkProblem(
            IdNetworkKind.network(options, shape), shape, BEHAVIORS, StepContext.PLAIN, 4);
    problem.check(
        p -> {
          double[][] logits = new double[p.impressions()][];
          for (int i = 0; i < logits.length; i++) {
            double[] h = p.prelu("mlp.0", p.linear("mlp.0", p.flatInputs(i)));
            logits[i] = p.linear("mlp.2", p.prelu("mlp.1", p.linear("mlp.1", h)));
          }
          return logits;
        });
  }

  @Test
  void aNetworkWithoutDropoutDrawsNothing() {
    IdShape shape = new IdShape(1, 1, 0, 0, List.of(), 3, 0, 0, 0);
    IdNetwork network = IdNetworkKind.network(NetworkOptions.USUAL, shape);
    NetworkProblem one =
        new NetworkProblem(network, shape, BEHAVIORS, new StepContext(Objective.WHOLE, 1), 5);
    NetworkProblem other =
        new NetworkProblem(network, shape, BEHAVIORS, new StepContext(Objective.WHOLE, 2), 5);
    assertThat(one.gradients().get("mlp.0.weight"))
        .isEqualTo(other.gradients().get("mlp.0.weight"));
  }
}
