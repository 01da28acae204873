package io.dicm.trainer.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two towers against their formulas. */
class TestTwoTowers {
  private static final int[] BEHAVIORS = {2, 0, 3};

  private static final NetworkOptions OPTIONS =
      new NetworkOptions(
          IdNetworkKind.TWO_TOWERS,
          List.of(5, 4, 3),
          Activation.PRELU,
          0.0,
          null,
          null,
          null,
          null);

  /** Without and with context, with no, one or both parts of the image path's output. */
  @ParameterizedTest
  @CsvSource({"0, 0, 3", "3, 0, 3", "0, 2, 2", "3, 2, 2"})
  void theScoreIsTheInnerProductOfTwoPerceptrons(int ad, int behaviors, int itemFields) {
    IdShape shape = new IdShape(2, 3, 0, 0, List.of(), 2, 0, ad, behaviors, itemFields, 1);
    NetworkProblem problem = problem(shape, OPTIONS);

    problem.check(
        p -> {
          double[][] logits = new double[p.impressions()][];
          for (int i = 0; i < logits.length; i++) {
            int impression = i;
            double[] images = p.images(i);
            double[] user =
                tower(
                    p,
                    "user_tower",
                    concat(
                        fields(p, impression, IntStream.of(0, 1)),
                        fields(p, impression, IntStream.range(2 + itemFields, 5)),
                        Arrays.copyOfRange(images, ad, images.length)));
            double[] item =
                tower(
                    p,
                    "item_tower",
                    concat(
                        fields(p, impression, IntStream.range(2, 2 + itemFields)),
                        Arrays.copyOf(images, ad)));
            double z = p.get("towers.bias")[0];
            for (int k = 0; k < user.length; k++) {
              z += user[k] * item[k];
            }
            logits[i] = new double[] {0, z};
          }
          return logits;
        });
  }

  @Test
  void oneLayerIsLinear() {
    IdShape shape = new IdShape(1, 1, 0, 0, List.of(), 2, 0, 0, 0);
    NetworkOptions options =
        new NetworkOptions(
            IdNetworkKind.TWO_TOWERS, List.of(3), Activation.PRELU, 0.0, null, null, null, null);

    problem(shape, options)
        .check(
            p -> {
              double[][] logits = new double[p.impressions()][];
              for (int i = 0; i < logits.length; i++) {
                double[] user = p.linear("user_tower.0", p.embedding(i, 0));
                double[] item = p.linear("item_tower.0", p.embedding(i, 1));
                double z = p.get("towers.bias")[0];
                for (int k = 0; k < 3; k++) {
                  z += user[k] * item[k];
                }
                logits[i] = new double[] {0, z};
              }
              return logits;
            });
  }

  @Test
  void layersAreAsInThePaper() {
    IdShape shape = new IdShape(2, 3, 0, 0, List.of(), 12, 0, 12, 12, 2, 1);
    ParameterSet set = new ParameterSet();
    IdNetworkKind.network(NetworkOptions.usual(IdNetworkKind.TWO_TOWERS), shape).declare(set);

    assertThat(
            set.layout().entries().stream()
                .map(entry -> entry.name() + " " + Arrays.toString(entry.shape())))
        .containsExactly(
            "user_tower.0.weight [200, 48]",
            "user_tower.0.bias [200]",
            "user_tower.0.slope [1]",
            "user_tower.1.weight [10, 200]",
            "user_tower.1.bias [10]",
            "item_tower.0.weight [200, 36]",
            "item_tower.0.bias [200]",
            "item_tower.0.slope [1]",
            "item_tower.1.weight [10, 200]",
            "item_tower.1.bias [10]",
            "towers.bias [1]");
  }

  private static NetworkProblem problem(IdShape shape, NetworkOptions options) {
    return new NetworkProblem(
        IdNetworkKind.network(options, shape), shape, BEHAVIORS, StepContext.PLAIN, 6);
  }

  private static double[] tower(NetworkProblem p, String name, double[] x) {
    double[] first = p.prelu(name + ".0", p.linear(name + ".0", x));
    double[] second = p.prelu(name + ".1", p.linear(name + ".1", first));
    return p.linear(name + ".2", second);
  }

  private static double[] fields(NetworkProblem p, int impression, IntStream fields) {
    return fields
        .boxed()
        .flatMapToDouble(field -> Arrays.stream(p.embedding(impression, field)))
        .toArray();
  }

  private static double[] concat(double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(DoubleStream::of).toArray();
  }
}
