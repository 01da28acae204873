package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Little-endian floats in bytes fields: at most one copy each way, no boxing. */
public final class WireArrays {
  private WireArrays() {}

  /** The floats as bytes. */
  public static ByteString ofFloats(float[] values) {
    return ofFloats(values, 0, values.length);
  }

  /** {@code length} floats from {@code offset} as bytes. */
  public static ByteString ofFloats(float[] values, int offset, int length) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(length, Float.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values, offset, length);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /** The floats from position to limit as bytes. */
  public static ByteString ofFloats(FloatBuffer values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(values.remaining(), Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values.duplicate());
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  /**
   * The floats in these bytes.
   *
   * @param what names the field when its length is wrong
   */
  public static float[] floats(ByteString bytes, String what) {
    FloatBuffer view = view(bytes, what);
    float[] values = new float[view.remaining()];
    view.get(values);
    return values;
  }

  /**
   * The floats in these bytes, not copied and read-only.
   *
   * @param what names the field when its length is wrong
   */
  public static FloatBuffer view(ByteString bytes, String what) {
    if (bytes.size() % Float.BYTES != 0) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot read " + what + ": " + bytes.size() + " bytes are no whole number of floats.");
    }
    return bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }
}
