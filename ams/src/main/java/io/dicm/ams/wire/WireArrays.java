package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian arrays in bytes fields: one copy each way, no boxing. */
public final class WireArrays {
  private WireArrays() {}

  /** The floats as bytes. */
  public static ByteString ofFloats(float[] values) {
    return ofFloats(values, 0, values.length);
  }

  /** {@code length} floats from {@code offset} as bytes. */
  public static ByteString ofFloats(float[] values, int offset, int length) {
    ByteBuffer bytes = allocate(length, Float.BYTES);
    bytes.asFloatBuffer().put(values, offset, length);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** The longs as bytes. */
  public static ByteString ofLongs(long[] values) {
    ByteBuffer bytes = allocate(values.length, Long.BYTES);
    bytes.asLongBuffer().put(values);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /**
   * The floats in these bytes.
   *
   * @param what names the field when its length is wrong
   */
  public static float[] floats(ByteString bytes, String what) {
    float[] values = new float[countOf(bytes, Float.BYTES, what)];
    view(bytes).asFloatBuffer().get(values);
    return values;
  }

  /** The longs in these bytes; {@code what} names the field when its length is wrong. */
  public static long[] longs(ByteString bytes, String what) {
    long[] values = new long[countOf(bytes, Long.BYTES, what)];
    view(bytes).asLongBuffer().get(values);
    return values;
  }

  private static ByteBuffer allocate(int count, int width) {
    return ByteBuffer.allocate(Math.multiplyExact(count, width)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer view(ByteString bytes) {
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int countOf(ByteString bytes, int width, String what) {
    if (bytes.size() % width != 0) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot read "
              + what
              + ": "
              + bytes.size()
              + " bytes are not a whole number of "
              + width
              + "-byte values.");
    }
    return bytes.size() / width;
  }
}
