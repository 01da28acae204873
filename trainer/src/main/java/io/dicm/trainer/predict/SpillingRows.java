package io.dicm.trainer.predict;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of bytes of one length: in memory while there is room, then all in a temporary file, of
 * which nothing stays when the process ends. Filled by one thread, read by any.
 */
final class SpillingRows implements AutoCloseable {
  private final int rowBytes;
  private final long mostRows;
  private List<byte[]> inMemory = new ArrayList<>();
  private FileChannel file;

  /**
   * @param memoryBytes most bytes in memory
   */
  SpillingRows(int rowBytes, long memoryBytes) {
    this.rowBytes = rowBytes;
    this.mostRows = memoryBytes / rowBytes;
  }

  boolean isInFile() {
    return file != null;
  }

  /** Adds a row, which it takes over. */
  void append(byte[] row) throws IOException {
    if (file == null && inMemory.size() < mostRows) {
      inMemory.add(row);
      return;
    }
    if (file == null) {
      spill();
    }
    write(row);
  }

  private void spill() throws IOException {
    Path path = Files.createTempFile("dicm-vectors", ".bin");
    file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    for (byte[] row : inMemory) {
      write(row);
    }
    inMemory = List.of();
  }

  private void write(byte[] row) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(row);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /**
   * Reads a row.
   *
   * @param target gets it
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED}
   */
  void read(int row, byte[] target) {
    if (file == null) {
      System.arraycopy(inMemory.get(row), 0, target, 0, rowBytes);
      return;
    }
    try {
      readFile(row, ByteBuffer.wrap(target));
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot read the vectors on the local disk: " + e.getMessage(),
          e);
    }
  }

  private void readFile(int row, ByteBuffer target) throws IOException {
    long begin = (long) row * rowBytes;
    while (target.hasRemaining()) {
      if (file.read(target, begin + target.position()) < 0) {
        throw new EOFException("the file ends before vector " + row);
      }
    }
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
