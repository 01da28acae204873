package io.dicm.common.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class TestElementType {
  private static final int PATTERNS = 1 << 16;

  @Test
  void everyFloat16IsExact() {
    float[] values = decodeAll(ElementType.FLOAT16);

    for (int bits = 0; bits < PATTERNS; bits++) {
      assertThat(values[bits]).as("0x%04x", bits).isEqualTo(Float.valueOf((float) float16(bits)));
    }
    assertThat(Float.floatToRawIntBits(values[0x8000])).isEqualTo(0x80000000);
    assertThat(values[0x7BFF]).isEqualTo(65504f);
    assertThat(values[1]).isEqualTo(0x1p-24f);
  }

  @Test
  void bfloat16IsTheUpperHalfOfAFloat() {
    float[] values = decodeAll(ElementType.BFLOAT16);

    assertThat(values[0x3F80]).isEqualTo(1f);
    assertThat(values[0xC0A0]).isEqualTo(-5f);
    assertThat(values[0x7F80]).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(values[1]).isEqualTo(Float.intBitsToFloat(1 << 16));
  }

  @Test
  void singleValuesEqualThoseOfARow() {
    for (ElementType type : ElementType.values()) {
      ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putInt(0x12345678).putInt(0xC0A03C00).putInt(0x41424344);
      float[] row = new float[12 / type.bytes()];
      type.decode(bytes, row, row.length);
      for (int i = 0; i < row.length; i++) {
        assertThat(type.value(bytes, type.bytes() * i)).isEqualTo(row[i]);
      }
    }
  }

  private static float[] decodeAll(ElementType type) {
    ByteBuffer bytes = ByteBuffer.allocate(Short.BYTES * PATTERNS).order(ByteOrder.LITTLE_ENDIAN);
    for (int bits = 0; bits < PATTERNS; bits++) {
      bytes.putShort((short) bits);
    }
    float[] values = new float[PATTERNS];
    type.decode(bytes, values, PATTERNS);
    return values;
  }

  /** By the definition: (-1)^sign * 2^(exponent - 15) * 1.fraction. */
  private static double float16(int bits) {
    double sign = bits < 0x8000 ? 1 : -1;
    int exponent = bits >> 10 & 31;
    double fraction = (bits & 1023) / 1024.0;
    if (exponent == 31) {
      return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, -14)
        : sign * (1 + fraction) * Math.pow(2, exponent - 15);
  }
}
