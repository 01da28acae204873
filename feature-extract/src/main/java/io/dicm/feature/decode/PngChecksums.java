package io.dicm.feature.decode;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Checks a PNG file's chunks, which Java's reader does not: each chunk whole, each checksum right,
 * and an end (PNG specification, third edition, section 5.3).
 */
final class PngChecksums {
  private static final int SIGNATURE_BYTES = 8;
  private static final int FRAME_BYTES = 12;
  private static final int END = 0x49454E44; // "IEND"

  private PngChecksums() {}

  /** What is wrong with the chunks, if anything. */
  static Optional<RejectedImage> trouble(byte[] png) {
    ByteBuffer chunks = ByteBuffer.wrap(png).position(Math.min(SIGNATURE_BYTES, png.length));
    while (chunks.remaining() >= FRAME_BYTES) {
      int start = chunks.position();
      int length = chunks.getInt();
      if (length < 0 || length > chunks.remaining() - (FRAME_BYTES - 4)) {
        return truncated();
      }
      int type = chunks.getInt();
      CRC32 crc = new CRC32();
      crc.update(png, start + 4, length + 4);
      chunks.position(chunks.position() + length);
      if (chunks.getInt() != (int) crc.getValue()) {
        return Optional.of(
            new RejectedImage(
                RejectionReason.CHECKSUM_MISMATCH, "PNG chunk at byte " + start + " is damaged"));
      }
      if (type == END) {
        return Optional.empty();
      }
    }
    return truncated();
  }

  private static Optional<RejectedImage> truncated() {
    return Optional.of(
        new RejectedImage(RejectionReason.TRUNCATED, "PNG ends before its last chunk"));
  }
}
