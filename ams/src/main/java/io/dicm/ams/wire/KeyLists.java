package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * Lists of different 64-bit keys, in ascending unsigned order, as their differences in Rice's code:
 * a difference is cut into {@code k} low bits, written as they are, and the rest, written as so
 * many 1 bits and a 0. Keys are hashes, so that differences are close to geometrically distributed,
 * for which this code is near the optimum: 64 - log2(keys) + 1.5 bits a key.
 *
 * <p>The bytes: number of keys, 4 bytes little-endian; k, 1 byte; then the code's bits, the lowest
 * of each byte first. An empty list is no bytes.
 */
public final class KeyLists {
  /** A list that says it holds more is refused: a few bits may stand for a key of eight bytes. */
  private static final int MOST_KEYS = 1 << 24;

  private static final int HEADER_BYTES = Integer.BYTES + 1;

  private KeyLists() {}

  /**
   * The keys as bytes.
   *
   * @param keys in ascending unsigned order, each once
   * @throws IllegalArgumentException when they are not, or are more than 2^24
   */
  public static ByteString of(long[] keys) {
    if (keys.length == 0) {
      return ByteString.EMPTY;
    }
    if (keys.length > MOST_KEYS) {
      throw new IllegalArgumentException(keys.length + " keys are more than " + MOST_KEYS);
    }
    int lowBits = lowBits(keys);
    BitWriter bits = new BitWriter(keys.length, lowBits);
    long previous = 0;
    for (int i = 0; i < keys.length; i++) {
      if (i > 0 && Long.compareUnsigned(keys[i], previous) <= 0) {
        throw new IllegalArgumentException("Keys are not in ascending order at " + i);
      }
      // From the second key on a difference is 1 or more: one less is written.
      long difference = keys[i] - previous - (i == 0 ? 0 : 1);
      bits.unary(difference >>> lowBits);
      bits.low(difference, lowBits);
      previous = keys[i];
    }
    return ByteString.copyFrom(header(keys.length, lowBits)).concat(bits.bytes());
  }

  /** The logarithm of the mean difference: at most two 1 bits a key, whatever the keys. */
  private static int lowBits(long[] keys) {
    long mean = Long.divideUnsigned(keys[keys.length - 1], keys.length);
    return Math.max(0, Long.SIZE - 1 - Long.numberOfLeadingZeros(mean));
  }

  private static byte[] header(int count, int lowBits) {
    byte[] header = new byte[HEADER_BYTES];
    for (int i = 0; i < Integer.BYTES; i++) {
      header[i] = (byte) (count >>> (i * Byte.SIZE));
    }
    header[Integer.BYTES] = (byte) lowBits;
    return header;
  }

  /**
   * How many keys these bytes say that they hold. Reads the header alone, so that whoever takes the
   * list can refuse it before there is an array: a key of eight bytes may be one bit here.
   *
   * @param what names the field when it is not such a list
   * @throws DicmException {@code INTERNAL} when there cannot be so many in these bytes
   */
  public static int count(ByteString bytes, String what) {
    if (bytes.isEmpty()) {
      return 0;
    }
    if (bytes.size() < HEADER_BYTES) {
      throw refused(what, "it has " + bytes.size() + " bytes");
    }
    int count = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      count |= (bytes.byteAt(i) & 0xFF) << (i * Byte.SIZE);
    }
    int lowBits = bytes.byteAt(Integer.BYTES);
    long bits = (long) (bytes.size() - HEADER_BYTES) * Byte.SIZE;
    boolean possible = count >= 1 && count <= MOST_KEYS && lowBits >= 0 && lowBits < Long.SIZE;
    if (!possible || (lowBits + 1L) * count > bits) {
      throw refused(
          what, count + " keys of " + lowBits + " low bits cannot be in " + bits + " bits");
    }
    return count;
  }

  /**
   * The keys in these bytes, in ascending unsigned order, each once: an array of {@link #count}
   * keys.
   *
   * @param what names the field when it is not such a list
   * @throws DicmException {@code INTERNAL}
   */
  public static long[] keys(ByteString bytes, String what) {
    int count = count(bytes, what);
    if (count == 0) {
      return new long[0];
    }
    return keys(count, bytes.byteAt(Integer.BYTES), new BitReader(bytes, HEADER_BYTES), what);
  }

  private static long[] keys(int count, int lowBits, BitReader bits, String what) {
    long[] keys = new long[count];
    long previous = 0;
    for (int i = 0; i < count; i++) {
      long high = bits.unary();
      if (high < 0 || Long.compareUnsigned(high, -1L >>> lowBits) > 0 || !bits.has(lowBits)) {
        throw refused(what, "its bits end within key " + i + " of " + count);
      }
      long key = previous + ((high << lowBits) | bits.low(lowBits)) + (i == 0 ? 0 : 1);
      if (i > 0 && Long.compareUnsigned(key, previous) <= 0) {
        throw refused(what, "key " + i + " is beyond 64 bits");
      }
      keys[i] = key;
      previous = key;
    }
    return keys;
  }

  private static DicmException refused(String what, String why) {
    return new DicmException(ErrorCode.INTERNAL, "Cannot read " + what + ": " + why + ".");
  }
}
