package io.dicm.feature.encode;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/** Copies vectors out of libtorch. */
final class VectorRows {
  private VectorRows() {}

  /** The rows of a float32 tensor, [count, dimension], within a scope that closes copies of it. */
  static float[][] of(Tensor vectors, int count, int dimension) {
    FloatPointer values = new FloatPointer(vectors.contiguous().data_ptr());
    float[][] rows = new float[count][dimension];
    for (int row = 0; row < count; row++) {
      values.position((long) row * dimension).get(rows[row]);
    }
    return rows;
  }
}
