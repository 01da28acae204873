package io.dicm.ams.optimizer;

import java.util.List;

/** A rule by which a gradient changes values, one by one. Immutable and safe for many threads. */
public sealed interface Optimizer permits Adam, Adagrad, Ftrl, Sgd {
  /** Its name in configuration and checkpoints. */
  String name();

  /** Names of the numbers that it keeps beside each value, as checkpoints have them. */
  List<String> slots();

  /** What such a number is before the first update. */
  float initial(int slot);

  /**
   * Makes update number {@code count} of the values {@code offset .. offset + length - 1}.
   *
   * @param gradient [at least gradientOffset + length]
   * @param count how many updates these values have had, this one included; from 1
   * @param learningRate step size of this update
   */
  void update(
      OptimizerState state,
      int offset,
      int length,
      float[] gradient,
      int gradientOffset,
      long count,
      float learningRate);

  /**
   * Makes one update of each of some rows side by side, from the first value on; the same to the
   * bit as {@link #update} of one after another.
   *
   * @param rows how many
   * @param width values of a row
   * @param gradient [at least rows, width]
   * @param counts how many updates each row has had, this one included; from 1
   * @param learningRate step size of this update
   */
  default void updateRows(
      OptimizerState state,
      int rows,
      int width,
      float[] gradient,
      long[] counts,
      float learningRate) {
    for (int row = 0; row < rows; row++) {
      update(state, row * width, width, gradient, row * width, counts[row], learningRate);
    }
  }
}
