package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** FNN and the factorisation machine it begins as, against their formulas. */
class TestFactorizationNetwork {
  private static final int[] BEHAVIORS = {0, 0, 0};

  @ParameterizedTest
  @CsvSource({"0, 2, 2", "3, 2, 1", "2, 0, 3", "0, 3, 0"})
  void hiddenLayersReadRowsAndPictures(int images, int sampleFields, int impressionFields) {
    IdShape shape = shape(images, sampleFields, impressionFields);
    NetworkProblem problem = problem(shape, Objective.WHOLE);
    problem.check(TestFactorizationNetwork::scores);
    problem.checkForward(TestFactorizationNetwork::scores, false);
  }

  @ParameterizedTest
  @CsvSource({"0, 2, 2", "3, 2, 1", "2, 0, 3", "0, 1, 0"})
  void pretrainsAFactorizationMachine(int images, int sampleFields, int impressionFields) {
    IdShape shape = shape(images, sampleFields, impressionFields);
    NetworkProblem problem = problem(shape, Objective.PRETRAINING);
    problem.check(TestFactorizationNetwork::pairwise);
  }

  @Test
  void pretrainingIsOfTheRowsAloneAndTheNetworkOfAllButTheMachinesBias() {
    IdShape shape = shape(3, 2, 1);
    var pretraining = problem(shape, Objective.PRETRAINING).gradients();
    var whole = problem(shape, Objective.WHOLE).gradients();

    assertThat(pretraining.get(NetworkProblem.IMAGES)).containsOnly(0);
    assertThat(pretraining.get("mlp.0.weight")).containsOnly(0);
    // Of an ID's two weights the one counts that the field has a use for.
    long unused = Arrays.stream(pretraining.get(NetworkProblem.SAMPLE)).filter(g -> g == 0).count();
    assertThat(unused).isEqualTo(pretraining.get(NetworkProblem.SAMPLE).length / shape.rowWidth());
    assertThat(pretraining.get("fm.bias")).doesNotContain(0);
    assertThat(whole.get(NetworkProblem.IMAGES)).doesNotContain(0);
    assertThat(whole.get("fm.bias")).containsOnly(0);
  }

  @Test
  void scoresWithTheWholeNetwork() {
    problem(shape(2, 1, 2), Objective.PRETRAINING)
        .checkForward(TestFactorizationNetwork::scores, false);
  }

  private static IdShape shape(int images, int sampleFields, int impressionFields) {
    return new IdShape(
        sampleFields,
        impressionFields,
        0,
        0,
        List.of(),
        3,
        2,
        images,
        0,
        impressionFields,
        Math.min(1, sampleFields));
  }

  private static NetworkProblem problem(IdShape shape, Objective objective) {
    NetworkOptions options =
        new NetworkOptions(
            IdNetworkKind.FNN, List.of(5, 4, 3), Activation.TANH, 0.0, null, null, null, null);
    return new NetworkProblem(
        IdNetworkKind.network(options, shape), shape, BEHAVIORS, new StepContext(objective, 1), 6);
  }

  private static double[][] scores(NetworkProblem p) {
    double[][] logits = new double[p.impressions()][];
    for (int i = 0; i < logits.length; i++) {
      double[] h = rows(p, i);
      for (int layer = 0; layer < 3; layer++) {
        h = Arrays.stream(p.linear("mlp." + layer, h)).map(Math::tanh).toArray();
      }
      logits[i] = p.linear("mlp.3", h);
    }
    return logits;
  }

  private static double[] rows(NetworkProblem p, int impression) {
    int width = p.shape().embeddingWidth() + 1;
    int fields = p.shape().fields();
    double[] flat = new double[fields * width + p.shape().imageWidth()];
    for (int field = 0; field < fields; field++) {
      System.arraycopy(p.embedding(impression, field), 0, flat, field * width, width - 1);
      flat[field * width + width - 1] = p.weight(impression, field);
    }
    System.arraycopy(p.images(impression), 0, flat, fields * width, p.shape().imageWidth());
    return flat;
  }

  /** Pair by pair, as the model is defined. */
  private static double[][] pairwise(NetworkProblem p) {
    double[][] logits = new double[p.impressions()][];
    for (int i = 0; i < logits.length; i++) {
      double z = p.get("fm.bias")[0];
      for (int one = 0; one < p.shape().fields(); one++) {
        z += p.weight(i, one);
        for (int other = one + 1; other < p.shape().fields(); other++) {
          for (int f = 0; f < p.shape().embeddingWidth(); f++) {
            z += p.embedding(i, one)[f] * p.embedding(i, other)[f];
          }
        }
      }
      logits[i] = new double[] {0, z};
    }
    return logits;
  }
}
