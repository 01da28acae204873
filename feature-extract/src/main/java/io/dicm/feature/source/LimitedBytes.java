package io.dicm.feature.source;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.io.Writable;

/**
 * Reads what {@link org.apache.hadoop.io.BytesWritable} wrote; too many bytes are passed over
 * instead of taking the heap.
 */
final class LimitedBytes implements Writable {
  private final long maxBytes;
  private byte[] bytes = new byte[0];
  private int length;

  LimitedBytes(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Bytes that the value has, read or not. */
  int length() {
    return length;
  }

  boolean isTooLarge() {
    return length > maxBytes;
  }

  /** The value, a new array for each; empty when it is too large. */
  byte[] bytes() {
    return bytes;
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    length = in.readInt();
    if (length < 0) {
      throw new EOFException("a picture of " + length + " bytes");
    }
    if (isTooLarge()) {
      bytes = new byte[0];
      skip(in, length);
    } else {
      bytes = new byte[length];
      in.readFully(bytes);
    }
  }

  @Override
  public void write(DataOutput out) {
    throw new UnsupportedOperationException("only read");
  }

  private static void skip(DataInput in, int count) throws IOException {
    int left = count;
    while (left > 0) {
      int skipped = in.skipBytes(left);
      if (skipped <= 0) {
        throw new EOFException("the file ends within a picture of " + count + " bytes");
      }
      left -= skipped;
    }
  }
}
