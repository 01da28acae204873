package io.dicm.feature.decode;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds the orientation in an Exif block; anything odd there means "not turned". */
final class ExifOrientation {
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
  private static final int APP1 = 0xE1;
  private static final int START_OF_SCAN = 0xDA;
  private static final int ORIENTATION_TAG = 0x0112;
  private static final int ENTRY_BYTES = 12;

  private ExifOrientation() {}

  static Orientation of(byte[] jpeg) {
    try {
      ByteBuffer exif = exifSegment(ByteBuffer.wrap(jpeg).position(2));
      return exif == null ? Orientation.NORMAL : ofTiff(exif);
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Orientation.NORMAL; // a broken Exif segment does not make the picture unreadable
    }
  }

  /** Of an Exif block's TIFF structure, wherever the file had it. */
  static Orientation ofTiff(ByteBuffer tiff) {
    try {
      return Orientation.ofExif(tagValue(tiff));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return Orientation.NORMAL;
    }
  }

  /** The TIFF structure within the first Exif segment, or null. */
  private static ByteBuffer exifSegment(ByteBuffer jpeg) {
    while (jpeg.remaining() >= 4 && (jpeg.get() & 0xFF) == 0xFF) {
      int marker = jpeg.get() & 0xFF;
      if (marker == START_OF_SCAN) {
        return null;
      }
      int length = Short.toUnsignedInt(jpeg.getShort()) - 2;
      ByteBuffer segment = jpeg.slice(jpeg.position(), length);
      if (marker == APP1 && startsWithExif(segment)) {
        return segment.slice(EXIF.length, length - EXIF.length);
      }
      jpeg.position(jpeg.position() + length);
    }
    return null;
  }

  private static boolean startsWithExif(ByteBuffer segment) {
    if (segment.remaining() < EXIF.length) {
      return false;
    }
    byte[] start = new byte[EXIF.length];
    segment.get(0, start);
    return Arrays.equals(start, EXIF);
  }

  private static int tagValue(ByteBuffer tiff) {
    tiff.order(tiff.getShort(0) == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int directory = tiff.getInt(4);
    int entries = Short.toUnsignedInt(tiff.getShort(directory));
    for (int entry = 0; entry < entries; entry++) {
      int at = directory + 2 + entry * ENTRY_BYTES;
      if (Short.toUnsignedInt(tiff.getShort(at)) == ORIENTATION_TAG) {
        return Short.toUnsignedInt(tiff.getShort(at + 8));
      }
    }
    return 0;
  }
}
