package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The published image features of Amazon's products: records of 16,394 bytes, one after the other,
 * each an asin of 10 ASCII characters and 4,096 little-endian float32, the output of a network's
 * FC7 layer. For one thread.
 */
final class AmazonImageFeatures implements Closeable {
  /** Floats of a vector. */
  static final int DIMENSION = 4096;

  private static final int NAME_BYTES = 10;
  private static final int VECTOR_BYTES = DIMENSION * Float.BYTES;
  private static final int RECORD_BYTES = NAME_BYTES + VECTOR_BYTES;
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path file;
  private final FSDataInputStream in;
  private final long length;
  private final byte[] vector = new byte[VECTOR_BYTES];

  /**
   * @throws DicmException {@link ErrorCode#INPUT_MISSING}, {@link ErrorCode#INPUT_INVALID} when the
   *     file is empty or ends within a record
   */
  AmazonImageFeatures(Configuration conf, Path file) throws IOException {
    this.file = file;
    try {
      FileSystem fs = file.getFileSystem(conf);
      this.length = fs.getFileStatus(file).getLen();
      requireWhole();
      this.in = fs.open(file, BUFFER_BYTES);
    } catch (FileNotFoundException e) {
      throw new DicmException(
          ErrorCode.INPUT_MISSING, "Cannot import " + file + ": there is no such file.", e);
    }
  }

  /**
   * Goes over the file and tells where the vectors of some products begin; of two records of one
   * product the first counts.
   *
   * @return offsets in bytes, by asin, in the file's order
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} with the offset of what is no asin
   */
  Map<String, Long> offsets(Set<String> wanted) throws IOException {
    Map<String, Long> offsets = new LinkedHashMap<>();
    byte[] name = new byte[NAME_BYTES];
    in.seek(0);
    // Forward alone, from one name to the next: the stream goes on without opening a block anew.
    for (long start = 0; start < length; start += RECORD_BYTES) {
      in.seek(start);
      in.readFully(name);
      String asin = asin(name, start);
      if (wanted.contains(asin)) {
        offsets.putIfAbsent(asin, start + NAME_BYTES);
      }
    }
    return offsets;
  }

  /**
   * Reads one vector.
   *
   * @param offset where it begins
   * @throws DicmException {@link ErrorCode#INPUT_INVALID} with the offset of a value that is no
   *     finite number
   */
  float[] read(long offset) throws IOException {
    in.readFully(offset, vector);
    float[] floats = new float[DIMENSION];
    ByteBuffer.wrap(vector).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    for (int i = 0; i < DIMENSION; i++) {
      if (!Float.isFinite(floats[i])) {
        throw invalid(offset + (long) i * Float.BYTES, "the value there is " + floats[i]);
      }
    }
    return floats;
  }

  /** The bytes of the vector that was read last; valid until the next one. */
  byte[] lastBytes() {
    return vector;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private void requireWhole() {
    long whole = length / RECORD_BYTES * RECORD_BYTES;
    if (length == 0 || whole != length) {
      throw invalid(
          whole,
          "a record of "
              + RECORD_BYTES
              + " bytes (asin, then "
              + DIMENSION
              + " float32) has only "
              + (length - whole)
              + " bytes there; the file is cut off, fetch it again");
    }
  }

  private String asin(byte[] name, long offset) {
    String asin = new String(name, StandardCharsets.US_ASCII);
    if (!asin.matches("[A-Za-z0-9]{" + NAME_BYTES + "}")) {
      throw invalid(offset, "needed an asin of 10 letters and digits there");
    }
    return asin;
  }

  private DicmException invalid(long offset, String why) {
    return new DicmException(
        ErrorCode.INPUT_INVALID, "Cannot import " + file + ": byte " + offset + ": " + why + ".");
  }
}
