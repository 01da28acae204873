package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Writes bits, the lowest of each byte first. */
final class BitWriter {
  private static final int UNARY_BITS_EXPECTED = 2;

  private long[] words;
  private long bits;

  /** Room for so many values of this many low bits; more grow it. */
  BitWriter(int values, int lowBits) {
    long expected = (long) values * (lowBits + UNARY_BITS_EXPECTED);
    words = new long[Math.toIntExact(expected / Long.SIZE + 2)];
  }

  /** So many 1 bits and a 0. */
  void unary(long ones) {
    for (long left = ones; left > 0; left--) {
      low(1, 1);
    }
    low(0, 1);
  }

  /** The lowest {@code count} bits of a value, 0 to 64 of them. */
  void low(long value, int count) {
    if (count == 0) {
      return;
    }
    int word = (int) (bits / Long.SIZE);
    int shift = (int) (bits % Long.SIZE);
    if (word + 2 > words.length) {
      words = Arrays.copyOf(words, words.length + words.length / 2 + 2);
    }
    long kept = count == Long.SIZE ? value : value & ((1L << count) - 1);
    words[word] |= kept << shift;
    if (shift + count > Long.SIZE) {
      words[word + 1] |= kept >>> (Long.SIZE - shift);
    }
    bits += count;
  }

  /** What was written, the last byte filled up with zeros. */
  ByteString bytes() {
    int length = Math.toIntExact((bits + Byte.SIZE - 1) / Byte.SIZE);
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.multiplyExact(words.length, Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.asLongBuffer().put(words);
    return UnsafeByteOperations.unsafeWrap(buffer.array(), 0, length);
  }
}
