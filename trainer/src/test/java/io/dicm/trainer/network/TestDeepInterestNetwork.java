package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** DIN against its formulas, pair by pair. */
class TestDeepInterestNetwork {
  private static final int[] BEHAVIORS = {3, 0, 1, 2};

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(Activation.DICE, false, 2, 0),
        Arguments.of(Activation.DICE, true, 0, 3),
        Arguments.of(Activation.PRELU, true, 1, 0),
        Arguments.of(Activation.PRELU, false, 1, 3));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void agreesWithTheFormulas(Activation activation, boolean softmax, int userFields, int images) {
    IdShape shape = shape(userFields, images);
    problem(shape, activation, softmax, BEHAVIORS, 3)
        .check(new Reference(activation, softmax, true));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void scoresWithTheStatisticsOfTheServers(boolean softmax) {
    problem(shape(1, 0), Activation.DICE, softmax, BEHAVIORS, 5)
        .checkForward(new Reference(Activation.DICE, softmax, false), false);
  }

  @Test
  void nobodyNeedsBehaviors() {
    problem(shape(1, 0), Activation.DICE, true, new int[] {0, 0}, 7)
        .check(new Reference(Activation.DICE, true, true));
  }

  @Test
  void oneBehaviorIsEnough() {
    problem(shape(1, 0), Activation.PRELU, false, new int[] {1}, 9)
        .check(new Reference(Activation.PRELU, false, true));
  }

  @Test
  void isTheSameEachTime() {
    NetworkProblem problem = problem(shape(1, 2), Activation.DICE, true, BEHAVIORS, 11);
    assertThat(problem.gradients().get(NetworkProblem.BEHAVIORS))
        .isEqualTo(problem.gradients().get(NetworkProblem.BEHAVIORS));
  }

  private static IdShape shape(int userFields, int images) {
    return new IdShape(userFields, 3, 0, 2, List.of(2, 0), 2, 0, images, 0);
  }

  private static NetworkProblem problem(
      IdShape shape, Activation activation, boolean softmax, int[] behaviors, long seed) {
    NetworkOptions options =
        new NetworkOptions(
            IdNetworkKind.DIN, List.of(5, 3), activation, 0.0, null, List.of(4, 3), softmax, null);
    return new NetworkProblem(
        IdNetworkKind.network(options, shape), shape, behaviors, StepContext.PLAIN, seed);
  }

  private record Reference(Activation activation, boolean softmax, boolean training)
      implements NetworkProblem.Reference {
    @Override
    public double[][] logits(NetworkProblem p) {
      SlowLayers slow = new SlowLayers(p, training);
      List<double[]> pairs = new ArrayList<>();
      for (int i = 0; i < p.impressions(); i++) {
        for (int behavior : slow.behaviors(i)) {
          pairs.add(features(p.behavior(behavior), p.target(i)));
        }
      }
      double[][] scores =
          slow.perceptron("din.attention", pairs.toArray(double[][]::new), 2, activation);
      double[][] inputs = new double[p.impressions()][];
      int pair = 0;
      for (int i = 0; i < p.impressions(); i++) {
        List<Integer> behaviors = slow.behaviors(i);
        double[] weights = new double[behaviors.size()];
        for (int j = 0; j < weights.length; j++) {
          weights[j] = scores[pair++][0];
        }
        if (softmax) {
          weights = SlowLayers.softmax(weights);
        }
        double[] pooled = new double[p.shape().behaviorWidth()];
        for (int j = 0; j < weights.length; j++) {
          for (int d = 0; d < pooled.length; d++) {
            pooled[d] += weights[j] * p.behavior(behaviors.get(j))[d];
          }
        }
        inputs[i] = slow.inputs(i, pooled);
      }
      return slow.perceptron("din", inputs, 2, activation);
    }

    private static double[] features(double[] e, double[] v) {
      double[] difference = new double[e.length];
      double[] product = new double[e.length];
      for (int d = 0; d < e.length; d++) {
        difference[d] = e[d] - v[d];
        product[d] = e[d] * v[d];
      }
      return SlowLayers.joined(e, difference, product, v);
    }
  }
}
