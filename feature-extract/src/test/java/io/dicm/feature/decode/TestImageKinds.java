package io.dicm.feature.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The kinds of files that shops have, and files that are made to do harm. */
class TestImageKinds {
  private static final int TEAL = 0x108080;

  // 40 x 30 pixels, teal in the lower right, written by libwebp.
  private static final String LOSSY =
      "UklGRpABAABXRUJQVlA4IIQBAADQCQCdASooAB4APm0slEYkIqIhMBVaqIANiWwAeLvzP8QOWF2SIic4"
          + "DOAfsBvgHSQegB4M3wTftV6WJMlbrMH+FN1Rqy2x5rTS4m15JaMUSIwp5ky7GAAA/uM53NGbqHRhCJ/b"
          + "qrRZnhRcfNblGFiFJyAAuQgiW4K9iX/PenJ0/Apof3dhKGdq/8BvTW/t//w6cl0X5jEJx+/pc1oMi+VT"
          + "/xOJH700+BPTuvOcvPRfX//Pz4MRhjNC16o8/+aIz9oh/9/R++Zk0WD2JN1i9C/88p3ib5TkIyHveeH/"
          + "Any4f1bISBRqEFmaOP8+1EoUa0v76v3LZrAg5kexAsT27D1fWwk7zcEGTRmVhGjt3JPJCPM/55o/nT4w"
          + "TMwb2t5HPaIWEp4wEEqpg8k00+2zfciD0Ojqjoka9jkeFJdk9CY3B/vGkhTHumz+GGzFZDFbihuxfxRD"
          + "Qr3MqSMuAdGEbI4gSlUYtpblwhbFFHXJH6S0pybAt26M845gJntrHUKa+y8AAAAA";

  private static final String LOSSLESS =
      "UklGRi4AAABXRUJQVlA4TCIAAAAvJ0AHAA8wgI/4PwjY/IcWlLZtBO0/cWFonzse0f/EEu8B";

  private static final String LOSSLESS_ALPHA =
      "UklGRjwAAABXRUJQVlA4TDAAAAAvJ0AHEBcwgALZZDfIX7YBFBAUPWd6GLxBTdtGUPlDKITS/La7OaL/"
          + "EwCXH8BBXwM=";

  private static final String LOSSY_ALPHA =
      "UklGRsYAAABXRUJQVlA4WAoAAAAQAAAAJwAAHQAAQUxQSCMAAAABFyAQSFKffI2ICAc1bRtBJVkI5Q/i"
          + "2+7miP5PAJx+gAZ+DQBWUDggfAAAADAFAJ0BKigAHgA+MRaJQyIhIRgKrAAgAwSgB4N/APwg/CXkAhgH"
          + "4AV3/uAACB5t12AAAP73opf//XnBpc60H//8LM8LM8LM/wsz++eoh/507pAeT6Mel4/j9ca9FsF+PX0p"
          + "slzKCtl51mhQNhXDGpZvxHItYH+vIpUuAAA=";

  private static final String EXIF =
      "UklGRnQAAABXRUJQVlA4WAoAAAAIAAAAJwAAHQAAVlA4IDQAAADwAgCdASooAB4APtFmrFCoJaQipWgB"
          + "ABoJZwAAKUNt8AD+5Qr/VpNIvP/8b/mv9CfuAAAARVhJRhoAAABNTQAqAAAACAABARIAAwAAAAEABgAA"
          + "AAAAAA==";

  private static final String ANIMATION =
      "UklGRoYAAABXRUJQVlA4WAoAAAACAAAAJwAAHQAAQU5JTQYAAAAAAAAAAABBTk1GKgAAAAAAAAAAACcA"
          + "AB0AAGQAAAJWUDhMEQAAAC8nQAcAB1DAQhSw/4GI6H8AAEFOTUYoAAAAAAAAAAAAJwAAHQAAZAAAAFZQ"
          + "OEwPAAAALydABwAHEP2P/gciov8BAA==";

  private final ImageDecoder decoder = decoder(Duration.ofSeconds(30));

  /** Color type, depth, first bytes of a row of two pixels, what is shown. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 80, ffffff 000000",
    "0, 2, 60, 555555 aaaaaa",
    "0, 4, 3c, 333333 cccccc",
    "0, 8, 64ff, 646464 ffffff",
    "0, 16, 8080ffff, 808080 ffffff",
    "2, 8, 108080ff0020, 108080 ff0020",
    "2, 16, 101080808080ffff00002020, 108080 ff0020",
    "4, 8, 64ff0080, 646464 7f7f7f",
    "4, 16, 6464ffff00000000, 646464 ffffff",
    "6, 8, 108080ff00000080, 108080 7f7f7f",
    "6, 16, 101080808080ffff0000000000000000, 108080 ffffff"
  })
  void showsEveryKindOfPng(int colorType, int depth, String row, String shown) {
    byte[] png = new PngFile(2, 1, depth, colorType).withRows(HexFormat.of().parseHex("00" + row));

    assertThat(shown(png)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"1, 40", "2, 10", "4, 01", "8, 0001"})
  void showsPalettes(int depth, String row) {
    byte[] rows = HexFormat.of().parseHex("00" + row);
    byte[] palette = HexFormat.of().parseHex("108080ff0020");

    assertThat(shown(new PngFile(2, 1, depth, 3).chunk("PLTE", palette).withRows(rows)))
        .isEqualTo("108080 ff0020");
    assertThat(
            shown(
                new PngFile(2, 1, depth, 3)
                    .chunk("PLTE", palette)
                    .chunk("tRNS", new byte[] {0})
                    .withRows(rows)))
        .isEqualTo("ffffff ff0020");
  }

  @Test
  void showsATransparentColorOnWhite() {
    byte[] gray = {0, 100};
    byte[] color = {0, 0x10, 0, (byte) 0x80, 0, (byte) 0x80};

    assertThat(
            shown(
                new PngFile(2, 1, 8, 0)
                    .chunk("tRNS", gray)
                    .withRows(HexFormat.of().parseHex("006420"))))
        .isEqualTo("ffffff 202020");
    assertThat(
            shown(
                new PngFile(2, 1, 8, 2)
                    .chunk("tRNS", color)
                    .withRows(HexFormat.of().parseHex("00108080ff0020"))))
        .isEqualTo("ffffff ff0020");
  }

  @ParameterizedTest
  @CsvSource({
    // inks as stored, Adobe's transform (-1: no marker), what is shown
    "10 80 200 240, 0, 094bbc",
    "255 255 255 255, 0, ffffff",
    "255 255 255 0, 0, 000000",
    "245 175 55 15, -1, 094bbc",
    "0 0 0 0, -1, ffffff",
    // Y 179, Cb and Cr 128: RGB 179 each, so inverted inks of 76
    "179 128 128 255, 2, 4c4c4c",
    // red 255, green and blue 0 of YCbCr: inverted inks 0, 255, 255
    "76 85 255 255, 2, 00ffff"
  })
  void showsInksAsTheirLight(String inks, int transform, String shown) throws IOException {
    byte[] jpeg = inkJpeg(Arrays.stream(inks.split(" ")).mapToInt(Integer::parseInt).toArray());

    Picture picture = picture(transform < 0 ? jpeg : withAdobeMarker(jpeg, transform));

    assertClose(pixel(picture, 16, 16), HexFormat.fromHexDigits(shown), 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {LOSSY, LOSSLESS, LOSSLESS_ALPHA, LOSSY_ALPHA, ANIMATION})
  void showsWebp(String base64) {
    Picture picture = picture(Base64.getDecoder().decode(base64));

    assertThat(picture.width()).isEqualTo(40);
    assertThat(picture.height()).isEqualTo(30);
    assertClose(pixel(picture, 35, 25), TEAL, 4);
  }

  @Test
  void showsEveryPixelOfWebp() {
    assertThat(pixel(picture(Base64.getDecoder().decode(LOSSLESS)), 3, 4)).isEqualTo(0xFF0020);
    for (String base64 : new String[] {LOSSLESS_ALPHA, LOSSY_ALPHA}) {
      Picture picture = picture(Base64.getDecoder().decode(base64));
      assertThat(pixel(picture, 5, 5)).as("transparent").isEqualTo(0xFFFFFF);
    }
    assertThat(pixel(picture(Base64.getDecoder().decode(LOSSLESS_ALPHA)), 30, 10))
        .as("half transparent black")
        .isEqualTo(0x7F7F7F);
  }

  @Test
  void turnsWebpByExif() {
    Picture picture = picture(Base64.getDecoder().decode(EXIF));

    assertThat(picture.orientation()).isEqualTo(Orientation.TURNED_90);
    assertThat(picture.width()).isEqualTo(30);
  }

  @Test
  void rejectsEveryTruncationOfWebp() {
    for (String base64 : new String[] {LOSSY, LOSSLESS, LOSSY_ALPHA, ANIMATION}) {
      byte[] whole = Base64.getDecoder().decode(base64);
      for (int length = 12; length < whole.length; length++) {
        assertThat(decoder.decode(Arrays.copyOf(whole, length)))
            .as("first %s of %s bytes", length, whole.length)
            .isInstanceOf(RejectedImage.class);
      }
    }
  }

  @Test
  void damagedFilesOfEveryKindNeverThrow() throws IOException {
    byte[] jpeg = withAdobeMarker(inkJpeg(10, 20, 30, 40), 2);
    Random random = new Random(3);
    ImageDecoder ofSmall =
        new ImageDecoder(new DecodeLimits(20 << 20, 10_000, 400 << 20, Duration.ofSeconds(30)));
    for (int i = 0; i < 600; i++) {
      byte[] whole =
          switch (i % 4) {
            case 0 -> jpeg;
            case 1 -> Base64.getDecoder().decode(LOSSY_ALPHA);
            case 2 -> Base64.getDecoder().decode(LOSSLESS_ALPHA);
            default -> Base64.getDecoder().decode(ANIMATION);
          };
      byte[] damaged = whole.clone();
      for (int change = 0; change < 3; change++) {
        damaged[12 + random.nextInt(damaged.length - 12)] = (byte) random.nextInt();
      }
      assertThat(ofSmall.decode(damaged)).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpeg", "gif", "bmp"})
  void rejectsWhatTakesTooLong(String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      BufferedImage image = new BufferedImage(200, 200, BufferedImage.TYPE_INT_RGB);
      assertThat(ImageIO.write(image, format, stream)).isTrue();
    }

    assertTooSlow(out.toByteArray(), Duration.ofNanos(1));
  }

  @Test
  void rejectsWebpThatTakesTooLong() {
    assertTooSlow(Base64.getDecoder().decode(LOSSY), Duration.ofNanos(1));
    assertTooSlow(Base64.getDecoder().decode(LOSSLESS), Duration.ofNanos(1));
  }

  @Test
  @Timeout(20)
  void stopsWithinAPictureThatUnpacksToAThousandTimesItsSize() {
    int side = 7000;
    byte[] bomb = new PngFile(side, side, 8, 0).withRows(new byte[side * (side + 1)]);
    assertThat(bomb.length).isLessThan(side * side / 900);

    assertTooSlow(bomb, Duration.ofMillis(2));
  }

  @Test
  @Timeout(20)
  void doesNotUnpackTextThatNobodyReads() {
    byte[] text = new byte[100 << 20];
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.writeBytes(new byte[] {'a', 0, 0});
    chunk.writeBytes(PngFile.deflated(text));
    byte[] png =
        new PngFile(2, 1, 8, 0)
            .chunk("zTXt", chunk.toByteArray())
            .withRows(new byte[] {0, 100, 32});

    assertThat(shown(png)).isEqualTo("646464 202020");
  }

  private static void assertTooSlow(byte[] file, Duration allowed) {
    assertThat(decoder(allowed).decode(file))
        .isEqualTo(
            new RejectedImage(
                RejectionReason.TOO_SLOW,
                "decoding took longer than " + allowed.toMillis() + " ms, the longest allowed"));
  }

  private static ImageDecoder decoder(Duration maxTime) {
    return new ImageDecoder(new DecodeLimits(20 << 20, 50_000_000, 400 << 20, maxTime));
  }

  private Picture picture(byte[] bytes) {
    DecodedImage decoded = decoder.decode(bytes);
    assertThat(decoded).isInstanceOf(Picture.class);
    return (Picture) decoded;
  }

  /** The pixels of the first row. */
  private String shown(byte[] bytes) {
    Picture picture = picture(bytes);
    int[] row = new int[picture.storedWidth()];
    picture.readRow(0, row);
    return String.join(
        " ", Arrays.stream(row).mapToObj(rgb -> HexFormat.of().toHexDigits(rgb, 6)).toList());
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

  /** A JPEG file of four components of one value each, without any marker about colors. */
  private static byte[] inkJpeg(int... inks) throws IOException {
    WritableRaster raster =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 32, 32, inks.length, null);
    for (int i = 0; i < 32 * 32; i++) {
      raster.setPixel(i % 32, i / 32, inks);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(1f);
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(raster, null, null), parameters);
    }
    writer.dispose();
    return out.toByteArray();
  }

  private static byte[] withAdobeMarker(byte[] jpeg, int transform) {
    byte[] marker = HexFormat.of().parseHex("ffee000e41646f62650064000000000" + transform);
    return ByteBuffer.allocate(jpeg.length + marker.length)
        .put(jpeg, 0, 2)
        .put(marker)
        .put(jpeg, 2, jpeg.length - 2)
        .array();
  }
}
