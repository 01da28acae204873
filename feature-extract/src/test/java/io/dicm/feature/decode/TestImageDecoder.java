package io.dicm.feature.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestImageDecoder {
  private static final int TEAL = 0x108080;

  private final ImageDecoder decoder = decoder(1 << 20, 10_000, 100 << 20);

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "bmp", "gif"})
  void decodesEachFormat(String format) throws IOException {
    Picture picture = picture(encode(plain(BufferedImage.TYPE_INT_RGB, 40, 30, TEAL), format));

    assertThat(picture.width()).isEqualTo(40);
    assertThat(picture.height()).isEqualTo(30);
    assertClose(pixel(picture, 20, 15), TEAL, 3);
  }

  @Test
  void decodesProgressiveJpeg() throws IOException {
    byte[] bytes = jpeg(plain(BufferedImage.TYPE_INT_RGB, 40, 30, TEAL), true);

    assertClose(pixel(picture(bytes), 39, 29), TEAL, 3);
  }

  @Test
  void keepsGrayAsItIs() throws IOException {
    BufferedImage gray = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(3, 4, 0, 100);

    assertThat(pixel(picture(encode(gray, "png")), 3, 4)).isEqualTo(0x646464);
    assertClose(pixel(picture(encode(plainGray(100), "jpeg")), 3, 4), 0x646464, 2);
  }

  @Test
  void reducesSixteenBitGray() throws IOException {
    BufferedImage gray = new BufferedImage(20, 20, BufferedImage.TYPE_USHORT_GRAY);
    gray.getRaster().setSample(3, 4, 0, 0xFFFF);
    gray.getRaster().setSample(5, 4, 0, 0x8080);

    Picture picture = picture(encode(gray, "png"));

    assertThat(pixel(picture, 3, 4)).isEqualTo(0xFFFFFF);
    assertThat(pixel(picture, 5, 4)).isEqualTo(0x808080);
    assertThat(pixel(picture, 6, 4)).isZero();
  }

  @Test
  void showsTransparencyOnWhite() throws IOException {
    BufferedImage image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00FF0000);
    image.setRGB(1, 0, 0x80000000);
    image.setRGB(2, 0, 0xFF204060);

    Picture picture = picture(encode(image, "png"));

    assertThat(pixel(picture, 0, 0)).isEqualTo(0xFFFFFF);
    assertThat(pixel(picture, 1, 0)).isEqualTo(0x7F7F7F);
    assertThat(pixel(picture, 2, 0)).isEqualTo(0x204060);
  }

  @Test
  void turnsByExif() throws IOException {
    byte[] jpeg = jpeg(plain(BufferedImage.TYPE_INT_RGB, 40, 30, TEAL), false);

    Picture picture = picture(withExifOrientation(jpeg, 6));

    assertThat(picture.orientation()).isEqualTo(Orientation.TURNED_90);
    assertThat(picture.width()).isEqualTo(30);
    assertThat(picture.height()).isEqualTo(40);
    assertThat(picture(withExifOrientation(jpeg, 77)).orientation()).isEqualTo(Orientation.NORMAL);
  }

  @Test
  void rejectsWhatIsNoPicture() {
    assertRejected(new byte[0], RejectionReason.EMPTY, "the file has no bytes");
    assertRejected(
        "<html>not found</html>".getBytes(StandardCharsets.UTF_8),
        RejectionReason.UNSUPPORTED,
        "not a JPEG, PNG, GIF, WebP or BMP file");
  }

  @Test
  void rejectsByFileSizeBeforeReading() {
    assertThat(decoder(100, 10_000, 100 << 20).checkFileSize(101))
        .contains(new RejectedImage(RejectionReason.TOO_LARGE, "101 bytes, allowed 100"));
    assertThat(decoder(100, 10_000, 100 << 20).checkFileSize(100)).isEmpty();
  }

  @Test
  void rejectsByPixelsBeforeDecoding() throws IOException {
    byte[] png = encode(plain(BufferedImage.TYPE_INT_RGB, 101, 100, TEAL), "png");

    assertRejected(png, RejectionReason.TOO_MANY_PIXELS, "101 x 100 pixels, allowed 10000 in all");
  }

  @Test
  void rejectsADecompressionBombByItsHeaderAlone() throws IOException {
    byte[] png = encode(plain(BufferedImage.TYPE_INT_RGB, 10, 10, TEAL), "png");
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    fixHeaderChecksum(png);

    assertRejected(
        png, RejectionReason.TOO_MANY_PIXELS, "60000 x 60000 pixels, allowed 10000 in all");
  }

  @Test
  void rejectsWhatTheHeapCannotTake() throws IOException {
    byte[] png = encode(plain(BufferedImage.TYPE_INT_RGB, 100, 100, TEAL), "png");

    assertThat(decoder(1 << 20, 10_000, 29_999).decode(png))
        .isEqualTo(
            new RejectedImage(
                RejectionReason.HEAP_TOO_SMALL,
                "100 x 100 pixels need 30000 bytes of the heap, allowed 29999"));
  }

  @Test
  void rejectsEveryTruncation() throws IOException {
    BufferedImage image = plain(BufferedImage.TYPE_INT_RGB, 60, 60, TEAL);
    for (byte[] whole :
        new byte[][] {encode(image, "png"), jpeg(image, false), jpeg(image, true)}) {
      for (int length = 20; length < whole.length - 20; length += 37) {
        assertThat(decoder.decode(Arrays.copyOf(whole, length)))
            .as("first %s of %s bytes", length, whole.length)
            .isInstanceOf(RejectedImage.class);
      }
    }
  }

  @Test
  void rejectsADamagedPng() throws IOException {
    byte[] png = encode(plain(BufferedImage.TYPE_INT_RGB, 60, 60, TEAL), "png");
    png[png.length - 30] ^= 1;

    assertThat(((RejectedImage) decoder.decode(png)).reason())
        .isEqualTo(RejectionReason.CHECKSUM_MISMATCH);
  }

  private static ImageDecoder decoder(long maxBytes, long maxPixels, long maxDecodedBytes) {
    return new ImageDecoder(
        new DecodeLimits(maxBytes, maxPixels, maxDecodedBytes, Duration.ofSeconds(30)));
  }

  private Picture picture(byte[] bytes) {
    DecodedImage decoded = decoder.decode(bytes);
    assertThat(decoded).isInstanceOf(Picture.class);
    return (Picture) decoded;
  }

  private void assertRejected(byte[] bytes, RejectionReason reason, String detail) {
    assertThat(decoder.decode(bytes)).isEqualTo(new RejectedImage(reason, detail));
  }

  private static int pixel(Picture picture, int x, int y) {
    int[] row = new int[picture.storedWidth()];
    picture.readRow(y, row);
    return row[x];
  }

  private static void assertClose(int actual, int expected, int tolerance) {
    for (int shift = 0; shift < 24; shift += 8) {
      assertThat(actual >> shift & 0xFF)
          .isBetween(
              (expected >> shift & 0xFF) - tolerance, (expected >> shift & 0xFF) + tolerance);
    }
  }

  private static BufferedImage plain(int type, int width, int height, int rgb) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, new Color(rgb).getRGB());
      }
    }
    return image;
  }

  private static BufferedImage plainGray(int level) {
    BufferedImage image = new BufferedImage(20, 20, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 400; i++) {
      image.getRaster().setSample(i % 20, i / 20, 0, level);
    }
    return image;
  }

  private static byte[] encode(BufferedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      assertThat(ImageIO.write(image, format, stream)).isTrue();
    }
    return out.toByteArray();
  }

  private static byte[] jpeg(BufferedImage image, boolean progressive) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    if (progressive) {
      parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    }
    writer.dispose();
    return out.toByteArray();
  }

  /** Puts an Exif segment with one entry, the orientation, right after the start of the file. */
  private static byte[] withExifOrientation(byte[] jpeg, int orientation) {
    ByteBuffer segment = ByteBuffer.allocate(2 + 2 + 6 + 8 + 2 + 12 + 4);
    segment.putShort((short) 0xFFE1).putShort((short) (segment.capacity() - 2));
    segment.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII));
    segment.putShort((short) 0x4D4D).putShort((short) 42).putInt(8);
    segment.putShort((short) 1);
    segment.putShort((short) 0x0112).putShort((short) 3).putInt(1);
    segment.putShort((short) orientation).putShort((short) 0).putInt(0);
    ByteBuffer file = ByteBuffer.allocate(jpeg.length + segment.capacity());
    file.put(jpeg, 0, 2).put(segment.array()).put(jpeg, 2, jpeg.length - 2);
    return file.array();
  }

  private static void fixHeaderChecksum(byte[] png) {
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
  }
}
