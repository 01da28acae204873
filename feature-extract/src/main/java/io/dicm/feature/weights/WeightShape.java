package io.dicm.feature.weights;

import java.util.List;

/**
 * Name and shape of one weight tensor.
 *
 * @param name as torchvision names it, such as {@code features.0.weight}
 * @param shape [out, in, height, width] of a convolution, [out, in] of a linear layer, [out] of a
 *     bias
 */
public record WeightShape(String name, List<Long> shape) {
  public WeightShape {
    shape = List.copyOf(shape);
  }

  /** Number of values. */
  public long count() {
    return shape.stream().reduce(1L, Math::multiplyExact);
  }

  /** Inputs that one output sums over; 0 for a bias. */
  public long fanIn() {
    return isBias() ? 0 : count() / shape.get(0);
  }

  /** Whether this is a bias vector. */
  public boolean isBias() {
    return shape.size() == 1;
  }

  /** The shape as an array of its own. */
  public long[] dimensions() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
