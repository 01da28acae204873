package io.dicm.common.parquet;

import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes single fields by name and position, to keep {@link RowWriter}s short. Lists have the
 * standard three levels ({@code list}, {@code element}) that Hive reads. Null values are left out.
 */
public final class RowFields {
  private RowFields() {}

  public static void string(RecordConsumer out, String name, int index, String value) {
    if (value != null) {
      out.startField(name, index);
      out.addBinary(Binary.fromString(value));
      out.endField(name, index);
    }
  }

  public static void int64(RecordConsumer out, String name, int index, long value) {
    out.startField(name, index);
    out.addLong(value);
    out.endField(name, index);
  }

  public static void int32(RecordConsumer out, String name, int index, int value) {
    out.startField(name, index);
    out.addInteger(value);
    out.endField(name, index);
  }

  public static void float64(RecordConsumer out, String name, int index, double value) {
    out.startField(name, index);
    out.addDouble(value);
    out.endField(name, index);
  }

  /** A list of floats, {@code length} values of {@code values} from {@code offset}. */
  public static void floats(
      RecordConsumer out, String name, int index, float[] values, int offset, int length) {
    list(out, name, index, length, i -> out.addFloat(values[offset + i]));
  }

  /** A list of 64-bit integers. */
  public static void longs(RecordConsumer out, String name, int index, long[] values) {
    list(out, name, index, values.length, i -> out.addLong(values[i]));
  }

  /** A list of {@code length} elements; {@code element} writes the value of the i-th. */
  public static void list(
      RecordConsumer out, String name, int index, int length, ElementWriter element) {
    out.startField(name, index);
    out.startGroup();
    if (length > 0) {
      out.startField("list", 0);
      for (int i = 0; i < length; i++) {
        out.startGroup();
        out.startField("element", 0);
        element.write(i);
        out.endField("element", 0);
        out.endGroup();
      }
      out.endField("list", 0);
    }
    out.endGroup();
    out.endField(name, index);
  }

  /** Writes the value of one list element. */
  @FunctionalInterface
  public interface ElementWriter {
    void write(int index);
  }
}
