package io.dicm.feature.weights;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the operations of Python's pickle format, protocol 2, for tests. Each method appends one
 * operation; names are those of Python's pickletools.
 */
final class PickleWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int memo;

  PickleWriter() {
    operation(0x80).raw(2); // PROTO
  }

  PickleWriter operation(int code) {
    out.write(code);
    return this;
  }

  PickleWriter raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  PickleWriter global(String module, String name) {
    operation('c');
    out.writeBytes((module + "\n" + name + "\n").getBytes(StandardCharsets.US_ASCII));
    return this;
  }

  /** BINUNICODE and BINPUT, as Python writes each text. */
  PickleWriter text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    operation('X').int32(bytes.length);
    out.writeBytes(bytes);
    return put();
  }

  /** The shortest of BININT1, BININT2, BININT and LONG1. */
  PickleWriter number(long value) {
    if (value >= 0 && value < 1 << 8) {
      return operation('K').raw((int) value);
    }
    if (value >= 0 && value < 1 << 16) {
      return operation('M').raw((int) value & 0xFF, (int) value >> 8);
    }
    return (int) value == value
        ? operation('J').int32((int) value)
        : number(BigInteger.valueOf(value));
  }

  /** LONG1. */
  PickleWriter number(BigInteger value) {
    byte[] bigEndian = value.toByteArray();
    operation(0x8A).raw(bigEndian.length);
    for (int i = bigEndian.length - 1; i >= 0; i--) {
      out.write(bigEndian[i]);
    }
    return this;
  }

  PickleWriter truth(boolean value) {
    return operation(value ? 0x88 : 0x89);
  }

  PickleWriter none() {
    return operation('N');
  }

  PickleWriter mark() {
    return operation('(');
  }

  PickleWriter tuple() {
    return operation('t');
  }

  /** A tuple of numbers as Python writes it: up to three have operations of their own. */
  PickleWriter numbers(long... values) {
    if (values.length == 0) {
      return operation(')');
    }
    if (values.length > 3) {
      mark();
    }
    for (long value : values) {
      number(value);
    }
    return values.length > 3 ? tuple().put() : operation(0x84 + values.length).put();
  }

  /** BINPUT or LONG_BINPUT. */
  PickleWriter put() {
    int index = memo++;
    return index < 256 ? operation('q').raw(index) : operation('r').int32(index);
  }

  /** An empty OrderedDict. */
  PickleWriter orderedDictionary() {
    return global("collections", "OrderedDict").put().operation(')').operation('R').put();
  }

  /** A persistent identifier of a storage. */
  PickleWriter storage(String type, String key, long count) {
    return mark()
        .text("storage")
        .global("torch", type)
        .put()
        .text(key)
        .text("cpu")
        .number(count)
        .tuple()
        .put()
        .operation('Q');
  }

  byte[] stop() {
    operation('.');
    return out.toByteArray();
  }

  private PickleWriter int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }
}
