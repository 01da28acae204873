package io.dicm.feature.weights;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Bytes of a file, one after the other, with their place; little-endian numbers. Not safe for use
 * by many threads.
 */
final class PickleInput {
  private static final int BUFFER_BYTES = 1 << 14;
  private static final int MOST_LINE_BYTES = 1024;
  private static final int MOST_TEXT_BYTES = 1 << 20;

  private final FSDataInputStream in;
  private final long end;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long bufferStart;
  private int bufferLength;
  private int next;

  /**
   * @param begin place of the first byte
   * @param end place after the last byte that may be read
   */
  PickleInput(FSDataInputStream in, long begin, long end) {
    this.in = in;
    this.end = end;
    this.bufferStart = begin;
  }

  /** Place in the file of the byte that comes next. */
  long position() {
    return bufferStart + next;
  }

  /** Goes on at a place further on; the next read fails if it lies beyond the end. */
  void skipTo(long position) {
    bufferStart = position;
    bufferLength = 0;
    next = 0;
  }

  int unsignedByte() throws IOException {
    if (next == bufferLength) {
      fill();
    }
    return buffer[next++] & 0xFF;
  }

  /** A number of some bytes, at most 8, unsigned if they are fewer. */
  long number(int bytes) throws IOException {
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= (long) unsignedByte() << (Byte.SIZE * i);
    }
    return value;
  }

  byte[] bytes(long count) throws IOException {
    // Before memory is taken for them: a broken file may ask for anything.
    if (count < 0 || count > MOST_TEXT_BYTES) {
      throw new MalformedWeightsException("its pickle has a text of " + count + " bytes");
    }
    if (count > end - position()) {
      throw new EOFException();
    }
    byte[] bytes = new byte[(int) count];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) unsignedByte();
    }
    return bytes;
  }

  String text(long bytes) throws IOException {
    return new String(bytes(bytes), StandardCharsets.UTF_8);
  }

  /** The bytes up to a line feed, as text. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = unsignedByte(); c != '\n'; c = unsignedByte()) {
      line.append((char) c);
      if (line.length() > MOST_LINE_BYTES) {
        throw new MalformedWeightsException("its pickle has a name of more than 1,024 characters");
      }
    }
    return line.toString();
  }

  private void fill() throws IOException {
    long position = position();
    if (position >= end) {
      throw new EOFException();
    }
    int count = (int) Math.min(buffer.length, end - position);
    in.readFully(position, buffer, 0, count);
    bufferStart = position;
    bufferLength = count;
    next = 0;
  }
}
