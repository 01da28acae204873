package io.dicm.trainer.equality;

import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.AggregatorKind;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.network.DenseLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** The kinds of network that tests go through. */
public final class Problems {
  private static final String EMBEDDINGS = "id_embeddings";

  /** Fewer than users may have behaviours. */
  private static final int PLACES = 4;

  private Problems() {}

  /** Every image mode, with one network in the sub-model and with two; every pooling. */
  public static Stream<TrainingProblem> all(int steps) {
    Stream<TrainingProblem> usual =
        Arrays.stream(ImageMode.values())
            .flatMap(
                images ->
                    Stream.of(
                        new TrainingProblem(images, false, steps),
                        new TrainingProblem(images, true, steps)));
    Stream<TrainingProblem> pooledOtherwise =
        Stream.of(
                new Aggregation(AggregatorKind.CONCAT, PLACES),
                new Aggregation(AggregatorKind.MAX, 0),
                new Aggregation(AggregatorKind.SUM, 0),
                new Aggregation(AggregatorKind.ATTENTIVE, 0))
            .map(aggregation -> new TrainingProblem(ImageMode.JOINT, false, aggregation, steps));
    return Stream.concat(usual, pooledOtherwise);
  }

  /**
   * Every tensor that each kind of network learns, as the arguments (problem, tensor); all ID
   * embeddings together are {@value #EMBEDDINGS}.
   */
  public static Stream<Arguments> tensors(int steps) {
    return all(steps)
        .flatMap(problem -> tensors(problem).stream().map(name -> Arguments.of(problem, name)));
  }

  private static List<String> tensors(TrainingProblem problem) {
    List<String> names = new ArrayList<>();
    problem.network().layout().entries().stream().map(DenseLayout.Entry::name).forEach(names::add);
    for (String network : problem.learningNetworks()) {
      NetworkLayout.of(TrainingProblem.VECTOR_DIMENSION).tensors().stream()
          .map(tensor -> network + "." + tensor.name())
          .forEach(names::add);
    }
    names.add(EMBEDDINGS);
    return names;
  }

  /** Whether a parameter, such as one ID's embedding, belongs to a tensor. */
  public static boolean belongs(String parameter, String tensor) {
    return parameter.equals(tensor)
        || (tensor.equals(EMBEDDINGS) && parameter.startsWith(EMBEDDINGS + "."));
  }
}
