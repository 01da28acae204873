package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Little-endian float arrays in bytes fields: one copy each way, no boxing. */
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

  /**
   * The floats in these bytes.
   *
   * @param what names the field when its length is wrong
   */
  public static float[] floats(ByteString bytes, String what) {
    if (bytes.size() % Float.BYTES != 0) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot read " + what + ": " + bytes.size() + " bytes are no whole number of floats.");
    }
    float[] values = new float[bytes.size() / Float.BYTES];
    bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
