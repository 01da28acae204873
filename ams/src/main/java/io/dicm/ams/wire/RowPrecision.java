package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.bytedeco.javacpp.indexer.HalfIndexer;

/** How rows travel: image codes, ID embeddings and the gradients of both. */
public enum RowPrecision {
  /** IEEE 754 single precision, as computed. */
  FLOAT32 {
    @Override
    public ByteString bytes(float[] values) {
      return WireArrays.ofFloats(values);
    }

    @Override
    public float[] values(ByteString bytes, String what) {
      return WireArrays.floats(bytes, what);
    }
  },

  /**
   * IEEE 754 half precision of the values divided by a power of two, which comes first as 4 bytes
   * little-endian: small gradients keep their 11 bits, too. No values are no bytes.
   */
  FLOAT16 {
    @Override
    public ByteString bytes(float[] values) {
      if (values.length == 0) {
        return ByteString.EMPTY;
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(Math.addExact(Integer.BYTES, Math.multiplyExact(values.length, 2)))
              .order(ByteOrder.LITTLE_ENDIAN);
      int exponent = exponent(values);
      bytes.putInt(exponent);
      float factor = Math.scalb(1f, -exponent);
      ShortBuffer halves = bytes.asShortBuffer();
      for (int i = 0; i < values.length; i++) {
        halves.put(i, (short) HalfIndexer.fromFloat(values[i] * factor));
      }
      return UnsafeByteOperations.unsafeWrap(bytes.array());
    }

    @Override
    public float[] values(ByteString bytes, String what) {
      if (bytes.isEmpty()) {
        return new float[0];
      }
      if (bytes.size() < Integer.BYTES || bytes.size() % Short.BYTES != 0) {
        throw new DicmException(
            ErrorCode.INTERNAL,
            "Cannot read " + what + ": " + bytes.size() + " bytes are no scaled float16 values.");
      }
      ByteBuffer buffer = bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
      float factor = Math.scalb(1f, buffer.getInt());
      ShortBuffer halves = buffer.asShortBuffer();
      float[] values = new float[halves.remaining()];
      for (int i = 0; i < values.length; i++) {
        values[i] = HalfIndexer.toFloat(halves.get(i) & 0xFFFF) * factor;
      }
      return values;
    }
  };

  /** The largest value becomes less than 2^15, half of what float16 holds. */
  private static final int LARGEST_EXPONENT = 14;

  /** The rows as bytes. */
  public abstract ByteString bytes(float[] values);

  /**
   * The rows in these bytes.
   *
   * @param what names the field when its length is wrong
   */
  public abstract float[] values(ByteString bytes, String what);

  /** Infinite values and NaN do not count: they stay what they are under any factor. */
  private static int exponent(float[] values) {
    float largest = 0;
    for (float value : values) {
      float size = Math.abs(value);
      if (size > largest && size <= Float.MAX_VALUE) {
        largest = size;
      }
    }
    // Limited so that both the power and its inverse are normal floats.
    return largest < Float.MIN_NORMAL
        ? 0
        : Math.max(Math.getExponent(largest) - LARGEST_EXPONENT, Float.MIN_EXPONENT);
  }
}
