package io.dicm.trainer.input;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.LocalDate;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.BsonLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DateLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;

/**
 * A Parquet value as the text that a CSV table would have: whole numbers without a point, booleans
 * as 0 and 1, timestamps as seconds since 1970 (without a time zone: UTC; fractions are cut off),
 * NaN as nothing. Immutable.
 */
final class ParquetText {
  private static final double WHOLE_BELOW = 1L << 53;
  private static final long NANOS_A_SECOND = 1_000_000_000;
  private static final long SECONDS_A_DAY = 86_400;

  /** The Julian day of 1970-01-01. */
  private static final long EPOCH_JULIAN_DAY = 2_440_588;

  private final LogicalTypeAnnotation logical;
  private final PrimitiveType type;

  ParquetText(PrimitiveType type) {
    this.type = type;
    this.logical = type.getLogicalTypeAnnotation();
  }

  static boolean isReadable(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN, FLOAT, DOUBLE, INT96 -> true;
      case INT32 ->
          logical == null
              || logical instanceof IntLogicalTypeAnnotation
              || logical instanceof DateLogicalTypeAnnotation
              || logical instanceof DecimalLogicalTypeAnnotation;
      case INT64 ->
          logical == null
              || logical instanceof IntLogicalTypeAnnotation
              || logical instanceof TimestampLogicalTypeAnnotation
              || logical instanceof DecimalLogicalTypeAnnotation;
      case BINARY -> !(logical instanceof BsonLogicalTypeAnnotation);
      case FIXED_LEN_BYTE_ARRAY -> logical instanceof DecimalLogicalTypeAnnotation;
    };
  }

  String of(boolean value) {
    return value ? "1" : "0";
  }

  String of(float value) {
    if (Float.isNaN(value)) {
      return "";
    }
    return isWhole(value) ? Long.toString((long) value) : Float.toString(value);
  }

  String of(double value) {
    if (Double.isNaN(value)) {
      return "";
    }
    return isWhole(value) ? Long.toString((long) value) : Double.toString(value);
  }

  String of(int value) {
    if (logical instanceof DateLogicalTypeAnnotation) {
      return LocalDate.ofEpochDay(value).toString();
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(BigInteger.valueOf(value), decimal);
    }
    boolean unsigned = logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    return unsigned ? Integer.toUnsignedString(value) : Integer.toString(value);
  }

  String of(long value) {
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      long unitsASecond =
          switch (timestamp.getUnit()) {
            case MILLIS -> 1_000;
            case MICROS -> 1_000_000;
            case NANOS -> NANOS_A_SECOND;
          };
      return Long.toString(Math.floorDiv(value, unitsASecond));
    }
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(BigInteger.valueOf(value), decimal);
    }
    boolean unsigned = logical instanceof IntLogicalTypeAnnotation whole && !whole.isSigned();
    return unsigned ? Long.toUnsignedString(value) : Long.toString(value);
  }

  String of(Binary value) {
    return switch (type.getPrimitiveTypeName()) {
      case INT96 -> timestamp(value);
      default ->
          logical instanceof DecimalLogicalTypeAnnotation decimal
              ? decimal(new BigInteger(value.getBytes()), decimal)
              : value.toStringUsingUTF8();
    };
  }

  /** Nanoseconds of the day, then the Julian day, both little-endian. */
  private static String timestamp(Binary value) {
    ByteBuffer bytes = ByteBuffer.wrap(value.getBytes()).order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong();
    long day = bytes.getInt() - EPOCH_JULIAN_DAY;
    return Long.toString(day * SECONDS_A_DAY + Math.floorDiv(nanos, NANOS_A_SECOND));
  }

  private static String decimal(BigInteger unscaled, DecimalLogicalTypeAnnotation decimal) {
    BigDecimal number = new BigDecimal(unscaled, decimal.getScale()).stripTrailingZeros();
    return number.toPlainString();
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) < WHOLE_BELOW;
  }
}
