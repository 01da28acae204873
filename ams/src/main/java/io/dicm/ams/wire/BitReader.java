package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads what a {@link BitWriter} wrote. */
final class BitReader {
  private final long[] words;
  private final long size;
  private long position;

  /** Reads from byte {@code offset} on. */
  BitReader(ByteString bytes, int offset) {
    int length = bytes.size() - offset;
    this.size = (long) length * Byte.SIZE;
    byte[] padded = new byte[(length / Long.BYTES + 1) * Long.BYTES];
    bytes.asReadOnlyByteBuffer().position(offset).get(padded, 0, length);
    this.words = new long[padded.length / Long.BYTES];
    ByteBuffer.wrap(padded).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
  }

  /** Whether so many bits are left. */
  boolean has(int count) {
    return size - position >= count;
  }

  /** The number of 1 bits before the next 0, which is read too; -1 when there is no 0 any more. */
  long unary() {
    long ones = 0;
    while (has(1)) {
      int shift = (int) (position % Long.SIZE);
      int run =
          Math.min(
              Long.numberOfTrailingZeros(~(words[(int) (position / Long.SIZE)] >>> shift)),
              Long.SIZE - shift);
      if (shift + run < Long.SIZE) {
        position += run + 1;
        return position <= size ? ones + run : -1;
      }
      ones += run;
      position += run;
    }
    return -1;
  }

  /** The next {@code count} bits, 0 to 64 of them, which must be there. */
  long low(int count) {
    if (count == 0) {
      return 0;
    }
    int word = (int) (position / Long.SIZE);
    int shift = (int) (position % Long.SIZE);
    long value = words[word] >>> shift;
    if (shift + count > Long.SIZE) {
      value |= words[word + 1] << (Long.SIZE - shift);
    }
    position += count;
    return count == Long.SIZE ? value : value & ((1L << count) - 1);
  }
}
