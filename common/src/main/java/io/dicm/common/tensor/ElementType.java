package io.dicm.common.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** Types of a file's values that are read as float32; all of their values are exact in float32. */
public enum ElementType {
  /** IEEE 754 binary32. */
  FLOAT32("F32", Float.BYTES),
  /** IEEE 754 binary16. */
  FLOAT16("F16", Short.BYTES),
  /** The upper 16 bits of a float32. */
  BFLOAT16("BF16", Short.BYTES);

  private final String safeTensorsName;
  private final int bytes;

  ElementType(String safeTensorsName, int bytes) {
    this.safeTensorsName = safeTensorsName;
    this.bytes = bytes;
  }

  /** The type that safetensors calls so, if it is one of these. */
  public static Optional<ElementType> ofSafeTensors(String name) {
    for (ElementType type : values()) {
      if (type.safeTensorsName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** Length of a value, bytes. */
  public int bytes() {
    return bytes;
  }

  /**
   * Converts little-endian values.
   *
   * @param from read from index 0 on; its position, limit and order are ignored
   * @param count values to convert
   */
  public void decode(ByteBuffer from, float[] to, int count) {
    ByteBuffer values = from.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
    if (this == FLOAT32) {
      values.asFloatBuffer().get(to, 0, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      to[i] = half(values.getShort(Short.BYTES * i));
    }
  }

  /**
   * One value.
   *
   * @param from a buffer in little-endian order
   * @param index place of the value's first byte
   */
  public float value(ByteBuffer from, int index) {
    return this == FLOAT32 ? from.getFloat(index) : half(from.getShort(index));
  }

  private float half(short bits) {
    return this == BFLOAT16 ? Float.intBitsToFloat(bits << 16) : float16(bits);
  }

  /** Sign, 5 bits of exponent with a bias of 15, 10 bits of fraction (IEEE 754, 3.6). */
  private static float float16(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    if (exponent == 0) {
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1.0p-24f));
    }
    int wide = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
    return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
  }
}
