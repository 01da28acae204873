package io.dicm.feature.decode;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a JPEG file says about its colors before its first scan (ITU-T T.81, annex B; Adobe's marker
 * as in T.872, section 6.5.3). Java's reader takes four components as red, green, blue and alpha,
 * which no other program writes.
 *
 * @param components in the file; 0: not known
 * @param hasAdobeMarker whether Adobe's marker is there, with which inks are stored inverted
 * @param adobeTransform its color transform; 2: YCCK
 */
record JpegHeader(int components, boolean hasAdobeMarker, int adobeTransform) {
  /** Components of CMYK and YCCK. */
  static final int INKS = 4;

  private static final int YCCK = 2;
  private static final int START_OF_SCAN = 0xDA;
  private static final int APP14 = 0xEE;
  private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);
  private static final int TRANSFORM_AT = 11;
  private static final int COMPONENTS_AT = 5;

  /** Whether the first three components have to become inks first. */
  boolean isYcck() {
    return hasAdobeMarker && adobeTransform == YCCK;
  }

  /** Reads it; of a file that is broken there, what could be read. */
  static JpegHeader of(byte[] jpeg) {
    int components = 0;
    boolean adobe = false;
    int transform = 0;
    try {
      ByteBuffer in = ByteBuffer.wrap(jpeg).position(2);
      while (components == 0 || !adobe) {
        int marker = nextMarker(in);
        if (marker == START_OF_SCAN) {
          break;
        }
        int length = Short.toUnsignedInt(in.getShort()) - 2;
        ByteBuffer segment = in.slice(in.position(), length);
        if (isFrame(marker)) {
          components = segment.get(COMPONENTS_AT) & 0xFF;
        } else if (marker == APP14 && startsWithAdobe(segment)) {
          adobe = true;
          transform = segment.get(TRANSFORM_AT) & 0xFF;
        }
        in.position(in.position() + length);
      }
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // The reader will say what is wrong.
    }
    return new JpegHeader(components, adobe, transform);
  }

  private static int nextMarker(ByteBuffer in) {
    int marker = in.get() & 0xFF;
    if (marker != 0xFF) {
      return START_OF_SCAN; // No marker where one has to be: nothing more can be found.
    }
    while (marker == 0xFF) {
      marker = in.get() & 0xFF;
    }
    return marker;
  }

  /** Start of frame of any process; C4, C8 and CC are tables and an extension. */
  private static boolean isFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static boolean startsWithAdobe(ByteBuffer segment) {
    if (segment.remaining() <= TRANSFORM_AT) {
      return false;
    }
    byte[] start = new byte[ADOBE.length];
    segment.get(0, start);
    return Arrays.equals(start, ADOBE);
  }
}
