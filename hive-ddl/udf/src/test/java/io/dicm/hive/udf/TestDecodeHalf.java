package io.dicm.hive.udf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import org.apache.hadoop.hive.ql.exec.UDFArgumentException;
import org.apache.hadoop.hive.ql.metadata.HiveException;
import org.apache.hadoop.hive.ql.udf.generic.GenericUDF;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspector;
import org.apache.hadoop.hive.serde2.objectinspector.ObjectInspectorFactory;
import org.apache.hadoop.hive.serde2.objectinspector.primitive.PrimitiveObjectInspectorFactory;
import org.apache.hadoop.io.BytesWritable;
import org.junit.jupiter.api.Test;

class TestDecodeHalf {
  private static final ObjectInspector BYTES =
      PrimitiveObjectInspectorFactory.javaByteArrayObjectInspector;

  /** By the definition: sign, 2 to the exponent, fraction; in exact decimals. */
  @Test
  void everyHalfIsItsFloat() {
    for (int bits = 0; bits <= 0xffff; bits++) {
      float value = HalfPrecision.toFloat(bits);
      int exponent = bits >> 10 & 0x1f;
      int fraction = bits & 0x3ff;
      if (exponent == 0x1f) {
        assertThat(Float.isNaN(value)).isEqualTo(fraction != 0);
        assertThat(Float.isInfinite(value)).isEqualTo(fraction == 0);
      } else {
        BigDecimal magnitude =
            exponent == 0
                ? BigDecimal.valueOf(fraction).divide(BigDecimal.valueOf(1 << 24))
                : BigDecimal.valueOf(1024 + fraction)
                    .multiply(BigDecimal.valueOf(1L << exponent))
                    .divide(BigDecimal.valueOf(1 << 25));
        assertThat(new BigDecimal(Math.abs(value))).isEqualByComparingTo(magnitude);
      }
      assertThat(Float.floatToRawIntBits(value) < 0)
          .as("sign of %x", bits)
          .isEqualTo(bits > 0x7fff);
    }
  }

  @Test
  void binaryIsTwoBytesAValueTheLowOneFirst() throws HiveException {
    byte[] bytes = {0, 0x3c, 0, (byte) 0xc0, (byte) 0xff, 0x7b};

    assertThat(decode(BYTES, bytes)).isEqualTo(Arrays.asList(1f, -2f, 65504f));
    assertThat(
            decode(
                PrimitiveObjectInspectorFactory.writableBinaryObjectInspector,
                new BytesWritable(bytes)))
        .isEqualTo(Arrays.asList(1f, -2f, 65504f));
    assertThat(decode(BYTES, new byte[0])).isEqualTo(Arrays.asList());
  }

  @Test
  void arraysOfBitsAndOfBinaries() throws HiveException {
    assertThat(
            decode(
                list(PrimitiveObjectInspectorFactory.javaIntObjectInspector),
                Arrays.asList(15360, 49152, null, -16384)))
        .isEqualTo(Arrays.asList(1f, -2f, null, -2f));
    assertThat(
            decode(
                list(PrimitiveObjectInspectorFactory.javaShortObjectInspector),
                Arrays.asList((short) 15360, (short) -16384)))
        .isEqualTo(Arrays.asList(1f, -2f));
    assertThat(decode(list(BYTES), Arrays.asList(new byte[] {0, 0x3c}, null)))
        .isEqualTo(Arrays.asList(1f, null));
  }

  @Test
  void nullIsNull() throws HiveException {
    assertThat(decode(BYTES, null)).isNull();
  }

  @Test
  void otherNumbersOfBytesAndBitsAreErrors() {
    assertThatThrownBy(() -> decode(BYTES, new byte[3]))
        .isInstanceOf(HiveException.class)
        .hasMessage("decode_half needs two bytes a value, was given 3");
    assertThatThrownBy(() -> decode(list(BYTES), Collections.singletonList(new byte[4])))
        .hasMessage("decode_half needs two bytes a value, one has 4");
    assertThatThrownBy(
            () ->
                decode(
                    list(PrimitiveObjectInspectorFactory.javaIntObjectInspector),
                    Arrays.asList(65536)))
        .hasMessage("decode_half needs 16 bits a value, from -32768 to 65535, was 65536");
  }

  @Test
  void otherTypesAreRefused() {
    assertThatThrownBy(
            () -> decode(list(PrimitiveObjectInspectorFactory.javaFloatObjectInspector), null))
        .isInstanceOf(UDFArgumentException.class)
        .hasMessage(
            "decode_half needs a binary, or an array of binary, smallint or int, was array<float>");
  }

  private static Object decode(ObjectInspector inspector, Object data) throws HiveException {
    DecodeHalf function = new DecodeHalf();
    function.initialize(new ObjectInspector[] {inspector});
    return function.evaluate(
        new GenericUDF.DeferredObject[] {new GenericUDF.DeferredJavaObject(data)});
  }

  private static ObjectInspector list(ObjectInspector element) {
    return ObjectInspectorFactory.getStandardListObjectInspector(element);
  }
}
