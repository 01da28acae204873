package io.dicm.ams.shard;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.javacpp.indexer.HalfIndexer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** How a shard holds its vectors; what is computed with them is single precision in any case. */
public enum VectorPrecision {
  /** IEEE 754 single precision, 4 bytes a value. */
  FLOAT32(Float.BYTES, ScalarType.Float) {
    @Override
    void put(Pointer memory, long index, float[] vector) {
      try (PointerScope scope = new PointerScope()) {
        new FloatPointer(memory).position(index).put(vector, 0, vector.length);
      }
    }
  },

  /**
   * IEEE 754 half precision, 2 bytes a value: twice the images in the same memory, each value with
   * 11 significant bits.
   */
  FLOAT16(Short.BYTES, ScalarType.Half) {
    @Override
    void put(Pointer memory, long index, float[] vector) {
      short[] halves = new short[vector.length];
      for (int i = 0; i < halves.length; i++) {
        halves[i] = (short) HalfIndexer.fromFloat(vector[i]);
      }
      try (PointerScope scope = new PointerScope()) {
        new ShortPointer(memory).position(index).put(halves, 0, halves.length);
      }
    }
  };

  private final int valueBytes;
  private final ScalarType type;

  VectorPrecision(int valueBytes, ScalarType type) {
    this.valueBytes = valueBytes;
    this.type = type;
  }

  /** Bytes of a value. */
  public int valueBytes() {
    return valueBytes;
  }

  /** A tensor without values, [rows, dimension], which the caller closes. */
  Tensor allocate(long rows, int dimension) {
    try (PointerScope scope = new PointerScope()) {
      Tensor tensor =
          torch.empty(
              new long[] {rows, dimension}, new TensorOptions(type), new MemoryFormatOptional());
      tensor.retainReference();
      return tensor;
    }
  }

  /** Writes a vector into a tensor's memory from value number {@code index} on. */
  abstract void put(Pointer memory, long index, float[] vector);
}
