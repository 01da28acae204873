package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DIEN against its formulas, impression by impression and step by step. */
class TestDeepInterestEvolutionNetwork {
  private static final int[] BEHAVIORS = {2, 0, 4, 1, 2};

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(Activation.DICE, 0.0, 2, 0),
        Arguments.of(Activation.DICE, 1.0, 0, 3),
        Arguments.of(Activation.PRELU, 0.5, 1, 0),
        Arguments.of(Activation.PRELU, 0.0, 1, 3));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void agreesWithTheFormulas(
      Activation activation, double auxiliaryWeight, int userFields, int images) {
    problem(shape(userFields, images), activation, auxiliaryWeight, BEHAVIORS, 3)
        .check(new Reference(activation, auxiliaryWeight, true));
  }

  @Test
  void scoresWithTheStatisticsOfTheServers() {
    problem(shape(1, 0), Activation.DICE, 1.0, BEHAVIORS, 5)
        .checkForward(new Reference(Activation.DICE, 1.0, false), false);
  }

  @Test
  void nobodyNeedsBehaviors() {
    problem(shape(1, 0), Activation.DICE, 1.0, new int[] {0, 0}, 7)
        .check(new Reference(Activation.DICE, 1.0, true));
  }

  @Test
  void oneBehaviorIsEnoughAndHasNoNextOne() {
    problem(shape(1, 0), Activation.PRELU, 1.0, new int[] {1, 0}, 9)
        .check(new Reference(Activation.PRELU, 1.0, true));
  }

  @Test
  void withoutItemsToDrawFromThereIsNoAuxiliaryLoss() {
    NetworkProblem problem = problem(shape(1, 0), Activation.PRELU, 1.0, BEHAVIORS, 11);
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> tensors = problem.tensors(false);
      assertThat(auxiliaryLoss(problem, tensors)).isNotNull();
      tensors.remove(NetworkProblem.DRAWN);
      assertThat(auxiliaryLoss(problem, tensors)).isNull();
    }
  }

  private static Tensor auxiliaryLoss(NetworkProblem problem, Map<String, Tensor> tensors) {
    ForwardPass pass = ForwardPass.training(new Parameters(tensors), problem.step());
    Tensor unused = problem.forward(tensors, pass);
    return pass.auxiliaryLoss();
  }

  private static IdShape shape(int userFields, int images) {
    return new IdShape(userFields, 3, 0, 2, List.of(2, 0), 2, 0, images, 0);
  }

  private static IdNetwork network(IdShape shape, Activation activation, double auxiliaryWeight) {
    NetworkOptions options =
        new NetworkOptions(
            IdNetworkKind.DIEN, List.of(5, 3), activation, 0.0, null, null, null, auxiliaryWeight);
    return IdNetworkKind.network(options, shape);
  }

  private static NetworkProblem problem(
      IdShape shape, Activation activation, double auxiliaryWeight, int[] behaviors, long seed) {
    return new NetworkProblem(
        network(shape, activation, auxiliaryWeight), shape, behaviors, StepContext.PLAIN, seed);
  }

  private record Reference(Activation activation, double auxiliaryWeight, boolean training)
      implements NetworkProblem.Reference {
    @Override
    public double[][] logits(NetworkProblem p) {
      SlowLayers slow = new SlowLayers(p, training);
      double[][] inputs = new double[p.impressions()][];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = slow.inputs(i, interest(p, slow, i));
      }
      return slow.perceptron("dien", inputs, 2, activation);
    }

    private static double[] interest(NetworkProblem p, SlowLayers slow, int impression) {
      double[][] states = states(p, slow, slow.behaviors(impression));
      double[] query = slow.times("dien.attention.weight", p.target(impression));
      double[] scores = new double[states.length];
      for (int t = 0; t < scores.length; t++) {
        scores[t] = SlowLayers.dot(states[t], query);
      }
      double[] attention = SlowLayers.softmax(scores);
      double[] h = new double[p.shape().behaviorWidth()];
      for (int t = 0; t < states.length; t++) {
        h = slow.gated("dien.evolution", states[t], h, attention[t]);
      }
      return h;
    }

    private static double[][] states(NetworkProblem p, SlowLayers slow, List<Integer> behaviors) {
      double[][] states = new double[behaviors.size()][];
      double[] h = new double[p.shape().behaviorWidth()];
      for (int t = 0; t < states.length; t++) {
        h = slow.gated("dien.extraction", p.behavior(behaviors.get(t)), h, 1);
        states[t] = h;
      }
      return states;
    }

    @Override
    public double auxiliaryLoss(NetworkProblem p) {
      List<Integer> order = stepByStep(p);
      int first = (int) IntStream.range(0, p.samples()).filter(s -> length(p, s) > 0).count();
      if (auxiliaryWeight == 0 || order.size() == first) {
        return 0;
      }
      SlowLayers slow = new SlowLayers(p, training);
      double sum = 0;
      for (int row = first; row < order.size(); row++) {
        int next = order.get(row);
        int sample = sampleOfBehavior(p, next);
        List<Integer> until = IntStream.range(p.firstBehavior(sample), next).boxed().toList();
        double[] h = states(p, slow, until)[until.size() - 1];
        sum -= Math.log(SlowLayers.sigmoid(SlowLayers.dot(h, p.behavior(next))));
        sum -= Math.log(1 - SlowLayers.sigmoid(SlowLayers.dot(h, p.drawn(next))));
      }
      return auxiliaryWeight * p.impressions() * sum / (order.size() - first);
    }

    /** Behaviours by step, those of the longest histories first. */
    private static List<Integer> stepByStep(NetworkProblem p) {
      List<Integer> samples =
          IntStream.range(0, p.samples())
              .boxed()
              .sorted(Comparator.comparing((Integer sample) -> -length(p, sample)))
              .toList();
      List<Integer> behaviors = new ArrayList<>();
      for (int step = 0; step < length(p, samples.get(0)); step++) {
        for (int sample : samples) {
          if (step < length(p, sample)) {
            behaviors.add(p.firstBehavior(sample) + step);
          }
        }
      }
      return behaviors;
    }

    private static int length(NetworkProblem p, int sample) {
      return p.endBehavior(sample) - p.firstBehavior(sample);
    }

    private static int sampleOfBehavior(NetworkProblem p, int behavior) {
      return IntStream.range(0, p.samples())
          .filter(s -> p.firstBehavior(s) <= behavior && behavior < p.endBehavior(s))
          .findFirst()
          .orElseThrow();
    }
  }
}
