package io.dicm.trainer.equality;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.trainer.reference.ReferenceTraining;
import io.dicm.trainer.sample.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The product's gradients in single precision, tensor by tensor, beside those of the formulas in
 * double precision: |a - b| / |b|, in Euclidean norms, is at most 1e-5. The gradient of a PReLU's
 * slope is one number, a sum over units and impressions that may cancel out: it is compared with
 * the mean size of the samples' own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestGradients {
  private static final double TOLERANCE = 1e-5;

  @TempDir private Path directory;

  /** By problem: the same for all of its tensors. */
  private final Map<TrainingProblem, Step> steps = new HashMap<>();

  /** The only step of a problem, as the product and as the formulas have it. */
  private record Step(
      Map<String, float[]> found, Map<String, double[]> expected, Map<String, Double> sizes) {}

  static Stream<Arguments> tensors() {
    return Problems.tensors(1);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("tensors")
  void agreeWithTheFormulas(TrainingProblem problem, String tensor) {
    Step step = steps.computeIfAbsent(problem, this::stepOf);
    assertThat(step.found().keySet()).isEqualTo(step.expected().keySet());
    List<String> parts =
        step.expected().keySet().stream().filter(part -> Problems.belongs(part, tensor)).toList();
    assertThat(parts).isNotEmpty();
    for (String part : parts) {
      RelativeDifference difference =
          new RelativeDifference(
              RelativeDifference.doubles(step.found().get(part)), step.expected().get(part));
      assertThat(difference.distance())
          .as(part)
          .isLessThanOrEqualTo(TOLERANCE * step.sizes().get(part));
    }
  }

  private Step stepOf(TrainingProblem problem) {
    List<Sample> batch = problem.batches().get(0);
    ReferenceTraining reference = Trainings.reference(problem);
    Map<String, double[]> expected = reference.meanGradients(batch);
    Map<String, Double> sizes = new HashMap<>();
    for (Sample sample : batch) {
      reference
          .meanGradients(List.of(sample))
          .forEach(
              (name, gradient) ->
                  sizes.merge(
                      name, RelativeDifference.length(gradient) / batch.size(), Double::sum));
    }
    expected.forEach(
        (name, gradient) -> {
          if (gradient.length > 1) {
            sizes.put(name, RelativeDifference.length(gradient));
          }
        });
    try {
      return new Step(new Trainings(problem, directory).gradients(), expected, sizes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
