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
    this.ends = new double[values.size()];
    // One after the other: parallelPrefix adds in an order that the number of cores settles, and
    // with it the last bits.
    double end = 0;
    for (int i = 0; i < ends.length; i++) {
      end += weight.applyAsDouble(values.get(i));
      ends[i] = end;
    }
  }

  T draw(Random random) {
    double point = random.nextDouble() * ends[ends.length - 1];
    int found = Arrays.binarySearch(ends, point);
    int index = found >= 0 ? found + 1 : -found - 1;
    return values.get(Math.min(index, values.size() - 1));
  }
}
