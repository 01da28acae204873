package io.dicm.trainer.equality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.trainer.equality.Trainings.GangRun;
import io.dicm.trainer.equality.Trainings.Layout;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.reference.ReferenceTraining;
import io.dicm.trainer.sample.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same seed and batches give the same losses and parameters, whatever the layout: as one worker
 * on the product's own classes without servers, and as the formulas in double precision.
 *
 * <p>Two tensors agree when |a - b| / |b|, in Euclidean norms, is at most 1e-5; each ID embedding
 * is a tensor of its own. The single value may be farther off: where a gradient's parts cancel out
 * to what rounding leaves, Adam, whose first steps have the learning rate's length whatever the
 * gradient's, makes much of little. Such values must be few, and none may be off by more than 1e-4
 * of its tensor's largest.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestEquality {
  private static final int STEPS = 16;
  private static final double TOLERANCE = 1e-5;
  private static final double SINGLE_VALUE_TOLERANCE = 1e-4;
  private static final double SHARE_OF_FAR_VALUES = 1e-3;

  @TempDir private Path directory;

  /** By problem, for all layouts of it. */
  private final Map<TrainingProblem, TrainingRun> inProcess = new HashMap<>();

  private final Map<TrainingProblem, Expected> formulas = new HashMap<>();

  static Stream<TrainingProblem> problems() {
    return Problems.all(STEPS);
  }

  @ParameterizedTest
  @CsvSource({
    "false, 1, 1", "false, 3, 1", "false, 1, 2", "false, 4, 4",
    "true, 1, 1", "true, 3, 1", "true, 1, 2", "true, 4, 4"
  })
  void everyLayoutTrainsAsOneProcessDoes(boolean shared, int servers, int workers)
      throws Exception {
    assertTrainsAsOneProcessDoes(
        new TrainingProblem(ImageMode.JOINT, shared, STEPS), new Layout(servers, workers));
  }

  @ParameterizedTest
  @CsvSource({"SUM, 3, 2", "ATTENTIVE, 3, 2", "MAX, 2, 1"})
  void soDoesOneThatPoolsOtherwise(AggregatorKind kind, int servers, int workers) throws Exception {
    assertTrainsAsOneProcessDoes(
        new TrainingProblem(ImageMode.JOINT, false, new Aggregation(kind, 0), STEPS),
        new Layout(servers, workers));
  }

  private void assertTrainsAsOneProcessDoes(TrainingProblem problem, Layout layout)
      throws Exception {
    Trainings trainings =
        new Trainings(problem, Files.createTempDirectory(directory, "checkpoints"));
    GangRun gang = trainings.gang(layout, "first");
    GangRun again = trainings.gang(layout, "second");

    assertThat(again.run().losses()).isEqualTo(gang.run().losses());
    assertThat(again.state().differencesTo(gang.state())).isEmpty();
    assertAgrees(gang.run(), doubles(inProcess(problem)));
    assertAgrees(gang.run(), reference(problem));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void oneProcessTrainsAsTheFormulas(TrainingProblem problem) throws Exception {
    assertAgrees(inProcess(problem), reference(problem));
  }

  private record Expected(List<Double> losses, Map<String, double[]> parameters) {}

  private TrainingRun inProcess(TrainingProblem problem) throws IOException {
    TrainingRun run = inProcess.get(problem);
    if (run == null) {
      run = new Trainings(problem, directory).inProcess();
      inProcess.put(problem, run);
    }
    return run;
  }

  private Expected reference(TrainingProblem problem) {
    return formulas.computeIfAbsent(problem, TestEquality::trainByFormulas);
  }

  private static Expected doubles(TrainingRun run) {
    Map<String, double[]> parameters = new TreeMap<>();
    run.parameters()
        .forEach((name, values) -> parameters.put(name, RelativeDifference.doubles(values)));
    return new Expected(run.losses(), parameters);
  }

  private static Expected trainByFormulas(TrainingProblem problem) {
    ReferenceTraining training = Trainings.reference(problem);
    List<Double> losses = new ArrayList<>();
    for (List<Sample> batch : problem.batches()) {
      losses.add(training.step(batch));
    }
    return new Expected(losses, training.parameters());
  }

  private static void assertAgrees(TrainingRun found, Expected expected) {
    assertThat(found.losses()).hasSize(STEPS);
    for (int step = 0; step < STEPS; step++) {
      double loss = expected.losses().get(step);
      assertThat(found.losses().get(step))
          .as("loss of step %d", step)
          .isCloseTo(loss, within(TOLERANCE * loss));
    }
    assertThat(found.parameters().keySet())
        .containsExactlyInAnyOrderElementsOf(expected.parameters().keySet());
    long far = 0;
    long all = 0;
    for (Map.Entry<String, double[]> tensor : expected.parameters().entrySet()) {
      double[] values = RelativeDifference.doubles(found.parameters().get(tensor.getKey()));
      RelativeDifference difference = new RelativeDifference(values, tensor.getValue());
      assertThat(difference.euclidean()).as(tensor.getKey()).isLessThanOrEqualTo(TOLERANCE);
      assertThat(difference.largest())
          .as(tensor.getKey())
          .isLessThanOrEqualTo(SINGLE_VALUE_TOLERANCE);
      far += difference.valuesBeyond(TOLERANCE);
      all += values.length;
    }
    assertThat(far).isLessThanOrEqualTo((long) (SHARE_OF_FAR_VALUES * all));
  }
}
