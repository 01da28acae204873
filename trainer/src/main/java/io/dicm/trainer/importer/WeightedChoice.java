package io.dicm.trainer.importer;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Draws values with probabilities in proportion to their weights. Immutable. */
final class WeightedChoice<T> {
  private final List<T> values;
  private final double[] ends;

  WeightedChoice(List<T> values, ToDoubleFunction<T> weight) {
    this.values = List.copyOf(values);
    this.ends = values.stream().mapToDouble(weight).toArray();
    Arrays.parallelPrefix(ends, Double::sum);
  }

  T draw(Random random) {
    double point = random.nextDouble() * ends[ends.length - 1];
    int found = Arrays.binarySearch(ends, point);
    int index = found >= 0 ? found + 1 : -found - 1;
    return values.get(Math.min(index, values.size() - 1));
  }
}
