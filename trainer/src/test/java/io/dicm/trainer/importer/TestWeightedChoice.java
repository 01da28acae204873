package io.dicm.trainer.importer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestWeightedChoice {
  @Test
  void drawsInProportionToTheWeights() {
    WeightedChoice<String> choice =
        new WeightedChoice<>(List.of("a", "never", "b"), value -> value.equals("never") ? 0 : 1);
    Random random = new Random(5);
    int[] drawn = new int[2];
    for (int i = 0; i < 10_000; i++) {
      String value = choice.draw(random);
      assertThat(value).isIn("a", "b");
      drawn[value.equals("a") ? 0 : 1]++;
    }

    assertThat(drawn[0] / 10_000.0).isCloseTo(0.5, within(0.02));
  }

  /** The points where one value ends and the next begins are the sums in the values' order. */
  @Test
  void drawsTheSameOnAnyNumberOfCores() {
    List<Integer> values = IntStream.range(0, 50_000).boxed().toList();
    double[] ends = new double[values.size()];
    double end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += 1.0 / (i + 3);
      ends[i] = end;
    }
    double total = end;
    WeightedChoice<Integer> choice = new WeightedChoice<>(values, value -> 1.0 / (value + 3));

    for (int i = 0; i < values.size() - 1; i++) {
      double below = Math.nextDown(ends[i] / total);
      if (below * total < ends[i]) {
        assertThat(choice.draw(fixed(below))).isLessThanOrEqualTo(i);
      }
      double at = ends[i] / total;
      if (at * total >= ends[i]) {
        assertThat(choice.draw(fixed(at))).isGreaterThan(i);
      }
    }
  }

  private static Random fixed(double value) {
    return new Random() {
      @Override
      public double nextDouble() {
        return value;
      }
    };
  }
}
