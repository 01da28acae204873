package io.dicm.feature.decode;

import java.io.IOException;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A file's bytes as an image reader takes them, until the deadline; then reading fails. So a reader
 * stops on the thread that decodes, and no other has to be given up: between two reads it has at
 * most the rest of a picture of the allowed size to do, and what a few KiB unpack to.
 */
final class TimedImageInput extends ImageInputStreamImpl {
  private final byte[] bytes;
  private final Deadline deadline;

  TimedImageInput(byte[] bytes, Deadline deadline) {
    this.bytes = bytes;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    deadline.check();
    bitOffset = 0;
    return streamPos < bytes.length ? bytes[(int) streamPos++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    deadline.check();
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    int read = (int) Math.min(length, bytes.length - streamPos);
    if (read <= 0) {
      return -1;
    }
    System.arraycopy(bytes, (int) streamPos, to, offset, read);
    streamPos += read;
    return read;
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
