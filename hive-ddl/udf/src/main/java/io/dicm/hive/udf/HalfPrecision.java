package io.dicm.hive.udf;

/** Half precision, IEEE 754 binary16: 1 bit sign, 5 bits exponent, 10 bits fraction. */
final class HalfPrecision {
  private static final int FRACTION_BITS = 10;
  private static final int FRACTION = (1 << FRACTION_BITS) - 1;
  private static final int EXPONENT = 0x1f;

  /** From a half's exponent to a float's. */
  private static final int BIAS = 127 - 15;

  private static final int FLOAT_FRACTION_BITS = 23;
  private static final int FLOAT_EXPONENT = 0xff;

  /** The least half above 0. */
  private static final float LEAST = 0x1p-24f;

  private HalfPrecision() {}

  /**
   * The float that the bits mean; every half is one exactly.
   *
   * @param bits of which the low 16 count
   */
  static float toFloat(int bits) {
    int exponent = (bits >> FRACTION_BITS) & EXPONENT;
    int fraction = bits & FRACTION;
    int sign = (bits & 0x8000) << 16;
    if (exponent == 0) {
      return sign == 0 ? fraction * LEAST : -(fraction * LEAST);
    }
    int wide = exponent == EXPONENT ? FLOAT_EXPONENT : exponent + BIAS;
    return Float.intBitsToFloat(
        sign | (wide << FLOAT_FRACTION_BITS) | (fraction << (FLOAT_FRACTION_BITS - FRACTION_BITS)));
  }

  /** The bits of a half that lies in two bytes, the low one first. */
  static int bits(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) | ((bytes[offset + 1] & 0xff) << 8);
  }
}
