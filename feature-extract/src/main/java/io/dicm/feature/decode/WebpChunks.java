package io.dicm.feature.decode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * What a WebP file's container says, which its reader does not look at: its length, and how a
 * viewer turns the picture (RFC 9649, section 2).
 */
final class WebpChunks {
  private static final int HEADER_BYTES = 12;
  private static final int CHUNK_HEADER_BYTES = 8;
  private static final int EXIF = 0x46495845; // "EXIF", little-endian

  private WebpChunks() {}

  /** The rejection of a file that is shorter than it says. */
  static Optional<RejectedImage> trouble(byte[] webp) {
    ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
    long said = Integer.toUnsignedLong(in.getInt(4)) + CHUNK_HEADER_BYTES;
    return said <= webp.length
        ? Optional.empty()
        : Optional.of(
            new RejectedImage(
                RejectionReason.TRUNCATED,
                "the file has " + webp.length + " bytes, its header says " + said));
  }

  /** The orientation in the file's Exif chunk; anything odd there means "not turned". */
  static Orientation orientation(byte[] webp) {
    ByteBuffer in = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN).position(HEADER_BYTES);
    while (in.remaining() >= CHUNK_HEADER_BYTES) {
      int type = in.getInt();
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        return Orientation.NORMAL;
      }
      if (type == EXIF) {
        return ExifOrientation.ofTiff(in.slice(in.position(), length));
      }
      in.position(in.position() + Math.min(in.remaining(), length + length % 2));
    }
    return Orientation.NORMAL;
  }
}
