package io.dicm.feature.weights;

import io.dicm.common.tensor.ElementType;
import java.util.List;
import java.util.Optional;

/**
 * Where the values of one tensor lie in a file.
 *
 * @param typeName type of the values as the file names it
 * @param type the type, if its values can be read
 * @param shape the dimensions, none negative; their product is the length of an array
 * @param strides by how many values two neighbours along a dimension lie apart, none negative
 * @param begin place in the file of the first value's first byte
 * @param storageEnd place after the last byte that belongs to the tensor's storage; what lies
 *     beyond belongs to others. Both places may lie beyond the end of a file that was cut.
 */
record StoredTensor(
    String typeName,
    Optional<ElementType> type,
    List<Long> shape,
    List<Long> strides,
    long begin,
    long storageEnd) {
  /** Most values of a tensor. */
  static final int MOST_VALUES = Integer.MAX_VALUE - 8;

  StoredTensor {
    shape = List.copyOf(shape);
    strides = List.copyOf(strides);
  }

  /** Number of values. */
  int count() {
    return (int) shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }

  /** Whether the values lie in row-major order without gaps. */
  boolean contiguous() {
    if (count() == 0) {
      return true;
    }
    List<Long> expected = rowMajor(shape);
    for (int i = 0; i < shape.size(); i++) {
      // The stride of a dimension of length 1 means nothing.
      if (shape.get(i) != 1 && !strides.get(i).equals(expected.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Values from the first one in the file to the last one, both included; 0 for an empty tensor.
   *
   * @throws ArithmeticException when the strides are beyond all files
   */
  long span() {
    if (count() == 0) {
      return 0;
    }
    long last = 0;
    for (int i = 0; i < shape.size(); i++) {
      last = Math.addExact(last, Math.multiplyExact(shape.get(i) - 1, strides.get(i)));
    }
    return last + 1;
  }

  /** The strides of a tensor in row-major order without gaps. */
  static List<Long> rowMajor(List<Long> shape) {
    Long[] strides = new Long[shape.size()];
    long stride = 1;
    for (int i = strides.length - 1; i >= 0; i--) {
      strides[i] = stride;
      stride *= Math.max(1, shape.get(i));
    }
    return List.of(strides);
  }

  /** Whether the dimensions are those of a tensor that can be read. */
  static boolean readable(List<Long> shape) {
    // Exact up to 2^53, far above the limit.
    double count = 1;
    for (long dimension : shape) {
      count *= dimension < 0 ? Double.POSITIVE_INFINITY : Math.max(1, dimension);
    }
    return count <= MOST_VALUES;
  }
}
