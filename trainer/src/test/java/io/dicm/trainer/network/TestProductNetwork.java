package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PNN against its formulas. */
class TestProductNetwork {
  private static final int[] BEHAVIORS = {0, 0, 0};

  @ParameterizedTest
  @CsvSource({
    "INNER, 0, 2, 2",
    "INNER, 3, 0, 3",
    "OUTER, 0, 3, 0",
    "OUTER, 2, 1, 2",
    "BOTH, 3, 2, 2",
    "BOTH, 0, 1, 0"
  })
  void firstLayerAddsProductsToALinearSignal(
      ProductKind product, int images, int sampleFields, int impressionFields) {
    IdShape shape = new IdShape(sampleFields, impressionFields, 0, 0, List.of(), 3, 0, images, 0);
    NetworkProblem problem = problem(product, shape, List.of(5, 4, 3));
    problem.check(p -> scores(p, product, 2));
    problem.checkForward(p -> scores(p, product, 2), false);
  }

  @Test
  void theFirstLayerMayBeTheOnlyOne() {
    IdShape shape = new IdShape(1, 2, 0, 0, List.of(), 3, 0, 0, 2);
    problem(ProductKind.INNER, shape, List.of(6)).check(p -> scores(p, ProductKind.INNER, 0));
  }

  /** With weights theta theta^T the factorised form is the sum over all pairs, both ways. */
  @Test
  void factorisedInnerProductsAreThoseOfAllPairs() {
    IdShape shape = new IdShape(2, 3, 0, 0, List.of(), 4, 0, 0, 0);
    NetworkProblem p = problem(ProductKind.INNER, shape, List.of(5));
    for (int n = 0; n < 5; n++) {
      double sum = 0;
      for (int i = 0; i < shape.fields(); i++) {
        for (int j = 0; j < shape.fields(); j++) {
          sum += theta(p, n, i) * theta(p, n, j) * dot(p.embedding(0, i), p.embedding(0, j));
        }
      }
      assertThat(inner(p, 0, n)).isCloseTo(sum, within(1e-12));
    }
  }

  private static NetworkProblem problem(ProductKind product, IdShape shape, List<Integer> hidden) {
    NetworkOptions options =
        new NetworkOptions(
            IdNetworkKind.PNN, hidden, Activation.RELU, 0.0, product, null, null, null);
    return new NetworkProblem(
        IdNetworkKind.network(options, shape), shape, BEHAVIORS, StepContext.PLAIN, 8);
  }

  private static double[][] scores(NetworkProblem p, ProductKind product, int furtherLayers) {
    double[][] logits = new double[p.impressions()][];
    for (int i = 0; i < logits.length; i++) {
      double[] h = p.linear("product.linear", p.flatInputs(i));
      for (int n = 0; n < h.length; n++) {
        h[n] += product == ProductKind.OUTER ? 0 : inner(p, i, n);
        h[n] += product == ProductKind.INNER ? 0 : outer(p, i, n);
      }
      h = NetworkProblem.relu(h);
      for (int layer = 0; layer < furtherLayers; layer++) {
        h = NetworkProblem.relu(p.linear("mlp." + layer, h));
      }
      logits[i] = p.linear("mlp." + furtherLayers, h);
    }
    return logits;
  }

  private static double inner(NetworkProblem p, int impression, int n) {
    double norm = 0;
    for (int f = 0; f < p.shape().embeddingWidth(); f++) {
      double sum = 0;
      for (int field = 0; field < p.shape().fields(); field++) {
        sum += theta(p, n, field) * p.embedding(impression, field)[f];
      }
      norm += sum * sum;
    }
    return norm;
  }

  private static double outer(NetworkProblem p, int impression, int n) {
    int width = p.shape().embeddingWidth();
    double[] sum = new double[width];
    for (int field = 0; field < p.shape().fields(); field++) {
      for (int f = 0; f < width; f++) {
        sum[f] += p.embedding(impression, field)[f];
      }
    }
    double signal = 0;
    for (int f = 0; f < width; f++) {
      for (int g = 0; g < width; g++) {
        signal += p.get("product.outer")[(n * width + f) * width + g] * sum[f] * sum[g];
      }
    }
    return signal;
  }

  private static double theta(NetworkProblem p, int n, int field) {
    return p.get("product.inner")[n * p.shape().fields() + field];
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int f = 0; f < a.length; f++) {
      sum += a[f] * b[f];
    }
    return sum;
  }
}
