package io.dicm.ams.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Small numbers, 0 and up, in bytes fields: seven bits a byte, as Protocol Buffers has them. */
final class VarInts {
  private VarInts() {}

  /** The numbers as bytes. */
  static ByteString of(int[] values) {
    int size = 0;
    for (int value : values) {
      size += CodedOutputStream.computeUInt32SizeNoTag(value);
    }
    ByteString.Output bytes = ByteString.newOutput(size);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      for (int value : values) {
        out.writeUInt32NoTag(value);
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteString();
  }

  /** How many numbers these bytes hold: the first bit is 0 in the last byte of each. */
  static int count(ByteString bytes) {
    int count = 0;
    for (int i = 0; i < bytes.size(); i++) {
      count += bytes.byteAt(i) >= 0 ? 1 : 0;
    }
    return count;
  }

  /**
   * The numbers in these bytes.
   *
   * @param what names the field when it holds something else
   * @throws DicmException {@code INTERNAL}
   */
  static int[] values(ByteString bytes, String what) {
    int[] values = new int[count(bytes)];
    CodedInputStream in = bytes.newCodedInput();
    try {
      for (int i = 0; i < values.length; i++) {
        values[i] = in.readUInt32();
      }
      if (!in.isAtEnd()) {
        throw refused(what, null);
      }
    } catch (IOException e) {
      throw refused(what, e);
    }
    return values;
  }

  private static DicmException refused(String what, IOException cause) {
    return new DicmException(
        ErrorCode.INTERNAL, "Cannot read " + what + ": its bytes are no varints.", cause);
  }
}
