package io.dicm.ams.shard;

import java.nio.ByteBuffer;
import java.nio.ShortBuffer;
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

    @Override
    void get(Pointer memory, long index, float[] vector) {
      try (PointerScope scope = new PointerScope()) {
        new FloatPointer(memory).position(index).get(vector, 0, vector.length);
      }
    }

    @Override
    public void encode(float[] vector, ByteBuffer target) {
      target.asFloatBuffer().put(vector);
    }

    @Override
    public void decode(ByteBuffer source, float[] vector) {
      source.asFloatBuffer().get(vector);
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

    @Override
    void get(Pointer memory, long index, float[] vector) {
      short[] halves = new short[vector.length];
      try (PointerScope scope = new PointerScope()) {
        new ShortPointer(memory).position(index).get(halves, 0, halves.length);
      }
      for (int i = 0; i < halves.length; i++) {
        vector[i] = HalfIndexer.toFloat(halves[i] & 0xFFFF);
      }
    }

    @Override
    public void encode(float[] vector, ByteBuffer target) {
      ShortBuffer halves = target.asShortBuffer();
      for (float value : vector) {
        halves.put((short) HalfIndexer.fromFloat(value));
      }
    }

    @Override
    public void decode(ByteBuffer source, float[] vector) {
      ShortBuffer halves = source.asShortBuffer();
      for (int i = 0; i < vector.length; i++) {
        vector[i] = HalfIndexer.toFloat(halves.get(i) & 0xFFFF);
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

  /** Reads a vector from a tensor's memory from value number {@code index} on. */
  abstract void get(Pointer memory, long index, float[] vector);

  /**
   * Writes a vector as it is held, in the buffer's byte order. One that was held before is written
   * without loss.
   *
   * @param target gets it from its position on, which stays
   */
  public abstract void encode(float[] vector, ByteBuffer target);

  /**
   * Reads what {@link #encode} has written.
   *
   * @param source from its position on, which stays
   * @param vector gets it
   */
  public abstract void decode(ByteBuffer source, float[] vector);
}
