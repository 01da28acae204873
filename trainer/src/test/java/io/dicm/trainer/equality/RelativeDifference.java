package io.dicm.trainer.equality;

import java.util.Arrays;

/**
 * How far a tensor is from another, beside the other's size.
 *
 * @param found one tensor's values
 * @param expected the other's, as many
 */
record RelativeDifference(double[] found, double[] expected) {
  RelativeDifference {
    if (found.length != expected.length) {
      throw new IllegalArgumentException(
          "Lengths were " + found.length + " and " + expected.length);
    }
  }

  /** |found - expected|, Euclidean norm. */
  double distance() {
    double[] difference = new double[expected.length];
    Arrays.setAll(difference, i -> found[i] - expected[i]);
    return length(difference);
  }

  /** |found - expected| / |expected|, Euclidean norms; 0 when they are equal. */
  double euclidean() {
    double distance = distance();
    return distance == 0 ? 0 : distance / length(expected);
  }

  /** The Euclidean norm. */
  static double length(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum());
  }

  /** The largest difference of two values beside the largest expected value. */
  double largest() {
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(found[i] - expected[i]));
    }
    return difference == 0 ? 0 : difference / largestExpected();
  }

  /** How many values differ by more than so much of the largest expected value. */
  long valuesBeyond(double share) {
    double limit = share * largestExpected();
    long count = 0;
    for (int i = 0; i < expected.length; i++) {
      count += Math.abs(found[i] - expected[i]) > limit ? 1 : 0;
    }
    return count;
  }

  private double largestExpected() {
    return Arrays.stream(expected).map(Math::abs).max().orElse(0);
  }

  /** The same values in double precision. */
  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
