package io.dicm.ams.strategy;

import io.dicm.ams.table.KeyIndex;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The raw vectors of one step in a worker. */
final class LocalVectors {
  private final KeyIndex index;
  private final float[] values;
  private final int dimension;

  /**
   * @param imageKeys each once
   * @param values [keys, dimension]
   */
  LocalVectors(long[] imageKeys, float[] values, int dimension) {
    this.index = new KeyIndex(imageKeys.length);
    for (long key : imageKeys) {
      index.add(key);
    }
    this.values = values;
    this.dimension = dimension;
  }

  /** The vectors of these images, [keys, dimension]; belongs to the caller's scope. */
  Tensor of(long[] imageKeys) {
    Tensor chosen = torch.empty(imageKeys.length, dimension);
    try (PointerScope scope = new PointerScope()) {
      FloatPointer memory = chosen.data_ptr_float();
      for (int i = 0; i < imageKeys.length; i++) {
        memory
            .position((long) i * dimension)
            .put(values, index.rowOf(imageKeys[i]) * dimension, dimension);
      }
    }
    return chosen;
  }
}
