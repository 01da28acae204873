package io.dicm.trainer.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.trainer.equality.Problems;
import io.dicm.trainer.equality.TrainingProblem;
import io.dicm.trainer.sample.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The reference's own gradients, from vectors and IDs to the loss, tensor by tensor. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestReferenceGradients {
  private static final int STEPS_BEFORE = 3;
  private static final int SAMPLES = 3;
  private static final double STEP = 1e-6;
  private static final int PLACES = 4;

  /** By problem: the same for all of its tensors. */
  private final Map<TrainingProblem, Step> steps = new HashMap<>();

  /** A step that is about to be made. */
  private record Step(
      ReferenceTraining training, List<Sample> batch, Map<String, double[]> gradients) {
    static Step of(TrainingProblem problem) {
      ReferenceTraining training =
          new ReferenceTraining(
              problem.network().shape(),
              problem.snapshot(),
              problem.shared(),
              TrainingProblem.SEED,
              TrainingProblem.LEARNING_RATE);
      List<List<Sample>> batches = problem.batches();
      // Off the initial values, so that biases count and slopes differ.
      batches.subList(0, STEPS_BEFORE).forEach(training::step);
      List<Sample> batch = batches.get(STEPS_BEFORE).subList(0, SAMPLES);
      return new Step(training, batch, training.meanGradients(batch));
    }
  }

  static Stream<Arguments> tensors() {
    return Problems.tensors(STEPS_BEFORE + 1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("tensors")
  void agreeWithCentralDifferences(TrainingProblem problem, String tensor) {
    Step step = steps.computeIfAbsent(problem, Step::of);
    SplittableRandom random = new SplittableRandom(tensor.hashCode());
    int compared = 0;
    for (Map.Entry<String, double[]> one : step.gradients().entrySet()) {
      if (Problems.belongs(one.getKey(), tensor)) {
        double[] gradient = one.getValue();
        assertThat(gradient).isNotEqualTo(new double[gradient.length]);
        double[] values = step.training().parameters().get(one.getKey());
        check(step, values, gradient, largest(gradient));
        for (int i = 1; i < Math.min(PLACES, gradient.length); i++) {
          check(step, values, gradient, random.nextInt(gradient.length));
        }
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  private static void check(Step step, double[] values, double[] gradient, int place) {
    double value = values[place];
    values[place] = value + STEP;
    double above = step.training().meanLoss(step.batch());
    values[place] = value - STEP;
    double below = step.training().meanLoss(step.batch());
    values[place] = value;
    assertThat(gradient[place])
        .as("[%d]", place)
        .isCloseTo((above - below) / (2 * STEP), within(1e-8));
  }

  private static int largest(double[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      largest = Math.abs(values[i]) > Math.abs(values[largest]) ? i : largest;
    }
    return largest;
  }
}
