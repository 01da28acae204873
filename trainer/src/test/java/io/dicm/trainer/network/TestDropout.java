package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What networks drop at random, and when. */
class TestDropout {
  private static final int[] BEHAVIORS = {0};
  private static final int WIDTH = 60;

  /**
   * The layer after a hidden one learns nothing from values that were dropped: those of one of two
   * impressions leave a gradient, those of both none.
   *
   * @param next weight of the layer after the first hidden one
   */
  @ParameterizedTest
  @CsvSource({
    "EMBEDDING_MLP, mlp.1.weight, 2",
    "FNN, mlp.1.weight, 2",
    "PNN, mlp.0.weight, 2",
    "DEEP_CROSSING, unit.0.1.weight, 3",
    "WIDE_DEEP, deep.1.weight, 1"
  })
  void valuesOfTheFirstHiddenLayerAreDroppedInTraining(
      IdNetworkKind kind, String next, int outputs) {
    int without = zeros(problem(kind, 0, 1).gradients().get(next));
    int with = zeros(problem(kind, 0.5, 1).gradients().get(next));

    assertThat((with - without) / (double) (outputs * WIDTH)).isBetween(0.03, 0.42);
  }

  @ParameterizedTest
  @CsvSource({
    "EMBEDDING_MLP, mlp.1.weight",
    "FNN, mlp.1.weight",
    "PNN, mlp.0.weight",
    "DEEP_CROSSING, unit.0.1.weight",
    "WIDE_DEEP, deep.1.weight"
  })
  void theSameSeedDropsTheSame(IdNetworkKind kind, String next) {
    double[] gradient = problem(kind, 0.5, 1).gradients().get(next);

    assertThat(problem(kind, 0.5, 1).gradients().get(next)).isEqualTo(gradient);
    assertThat(problem(kind, 0.5, 2).gradients().get(next)).isNotEqualTo(gradient);
  }

  @ParameterizedTest
  @CsvSource({"EMBEDDING_MLP", "FNN", "PNN", "DEEP_CROSSING", "WIDE_DEEP"})
  void scoringDropsNothing(IdNetworkKind kind) {
    double[][] scores = problem(kind, 0, 1).logits(false);

    assertThat(problem(kind, 0.5, 1).logits(false)).isDeepEqualTo(scores);
    assertThat(problem(kind, 0.5, 1).logits(true)[0][1]).isNotEqualTo(scores[0][1]);
    assertThat(problem(kind, 0, 1).logits(true)).isDeepEqualTo(scores);
  }

  private static NetworkProblem problem(IdNetworkKind kind, double dropout, long seed) {
    IdShape shape = new IdShape(0, 1, 0, 0, List.of(), 3, kind.weightColumns(), 0, 0);
    NetworkOptions usual = NetworkOptions.usual(kind);
    NetworkOptions options =
        new NetworkOptions(
            kind,
            List.of(WIDTH),
            usual.activation() == null ? null : Activation.TANH,
            dropout,
            usual.product(),
            null,
            null,
            null);
    return new NetworkProblem(
        IdNetworkKind.network(options, shape),
        shape,
        BEHAVIORS,
        new StepContext(Objective.WHOLE, seed),
        11);
  }

  private static int zeros(double[] gradient) {
    return (int) Arrays.stream(gradient).filter(value -> value == 0).count();
  }
}
