package io.dicm.ams.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.dicm.common.error.DicmException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestRowPrecision {
  private static float[] overTheWire(RowPrecision precision, float... values) {
    return precision.values(precision.bytes(values), "rows");
  }

  private static float[] random(Random random, int count, float scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = scale * (float) random.nextGaussian();
    }
    return values;
  }

  @Test
  void singlePrecisionIsExact() {
    float[] values = random(new Random(1), 100, 1e-20f);
    assertThat(overTheWire(RowPrecision.FLOAT32, values)).isEqualTo(values);
  }

  @Test
  void halfPrecisionKeepsElevenBitsAtAnyScale() {
    Random random = new Random(2);
    for (int exponent = -110; exponent <= 110; exponent += 5) {
      float[] values = random(random, 200, Math.scalb(1f, exponent));
      float largest = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
      }
      float[] back = overTheWire(RowPrecision.FLOAT16, values);
      for (int i = 0; i < values.length; i++) {
        // Half a unit in the last of 11 places; values below 2^-29 of the largest lose places.
        assertThat(back[i])
            .isCloseTo(values[i], within(Math.abs(values[i]) / 2048 + largest * 0x1p-38f));
      }
    }
  }

  @Test
  void halfPrecisionTakesHalfTheBytes() {
    assertThat(RowPrecision.FLOAT16.bytes(new float[120]).size()).isEqualTo(4 + 240);
    assertThat(RowPrecision.FLOAT16.bytes(new float[0])).isEmpty();
  }

  @Test
  void valuesThatAreNoNumbersStayThat() {
    assertThat(
            overTheWire(
                RowPrecision.FLOAT16, Float.NaN, Float.POSITIVE_INFINITY, -1f / 0, 3f, 0f, -0f))
        .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3f, 0f, -0f);
    assertThat(overTheWire(RowPrecision.FLOAT16, Float.MAX_VALUE / 2)[0])
        .isCloseTo(Float.MAX_VALUE / 2, within(Float.MAX_VALUE / 4096));
    assertThat(overTheWire(RowPrecision.FLOAT16, 0f, Float.MIN_VALUE)[0]).isZero();
  }

  @Test
  void refusesBytesThatAreNoRows() {
    assertThatThrownBy(
            () -> RowPrecision.FLOAT16.values(ByteString.copyFrom(new byte[7]), "ad_codes"))
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot read ad_codes: 7 bytes are no scaled float16 values.");
    assertThatThrownBy(
            () -> RowPrecision.FLOAT32.values(ByteString.copyFrom(new byte[7]), "ad_codes"))
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot read ad_codes: 7 bytes are no whole number of floats.");
  }
}
