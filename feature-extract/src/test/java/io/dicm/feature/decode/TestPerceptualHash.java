package io.dicm.feature.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestPerceptualHash {
  private static final int SEEDS = 40;

  private final ImagePreprocessor preprocessor = new ImagePreprocessor();

  @Test
  void scaledPicturesStayNear() {
    for (int seed = 0; seed < SEEDS; seed++) {
      BufferedImage picture = scene(seed, 400, 300);

      assertThat(distance(picture, scaled(picture, 200, 150))).as("seed %s", seed).isLessThan(5);
      assertThat(distance(picture, scaled(picture, 640, 480))).as("seed %s", seed).isLessThan(5);
    }
  }

  @Test
  void recompressedPicturesStayNear() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      BufferedImage picture = scene(seed, 400, 300);

      assertThat(distance(picture, recompressed(picture, 0.3f))).as("seed %s", seed).isLessThan(7);
    }
  }

  @Test
  void slightlyCroppedPicturesStayNear() {
    for (int seed = 0; seed < SEEDS; seed++) {
      BufferedImage picture = scene(seed, 400, 300);

      assertThat(distance(picture, picture.getSubimage(4, 3, 392, 294)))
          .as("seed %s", seed)
          .isLessThan(15);
    }
  }

  @Test
  void differentPicturesAreFar() {
    List<Long> hashes = new ArrayList<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      hashes.add(hash(scene(seed, 400, 300), Orientation.NORMAL));
    }
    for (int i = 0; i < SEEDS; i++) {
      for (int j = 0; j < i; j++) {
        assertThat(Long.bitCount(hashes.get(i) ^ hashes.get(j)))
            .as("%s and %s", i, j)
            .isGreaterThan(12);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x000000, 0xFFFFFF, 0x108080, 0x123456})
  void plainPicturesHaveNoBits(int rgb) {
    BufferedImage plain = new BufferedImage(333, 77, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = plain.createGraphics();
    graphics.setColor(new Color(rgb));
    graphics.fillRect(0, 0, 333, 77);

    assertThat(hash(plain, Orientation.NORMAL)).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void isOfThePictureAsShown(int exif) {
    BufferedImage stored = scene(5, 224, 224);
    Orientation orientation = Orientation.ofExif(exif);
    BufferedImage shown = new BufferedImage(224, 224, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 224; y++) {
      for (int x = 0; x < 224; x++) {
        shown.setRGB(
            orientation.shownX(x, y, 224), orientation.shownY(x, y, 224), stored.getRGB(x, y));
      }
    }

    assertThat(Long.bitCount(hash(stored, orientation) ^ hash(shown, Orientation.NORMAL)))
        .isLessThanOrEqualTo(2);
  }

  private int distance(BufferedImage one, BufferedImage other) {
    return Long.bitCount(hash(one, Orientation.NORMAL) ^ hash(other, Orientation.NORMAL));
  }

  private long hash(BufferedImage image, Orientation orientation) {
    return preprocessor.preprocess(
        new Picture(image, orientation), FloatBuffer.allocate(ImagePreprocessor.FLOATS), 0);
  }

  /** Shapes of random places and colors. */
  private static BufferedImage scene(int seed, int width, int height) {
    Random random = new Random(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    for (int i = 0; i < 30; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      int x = random.nextInt(width) - width / 5;
      int y = random.nextInt(height) - height / 5;
      int wide = width / 10 + random.nextInt(width / 3);
      int high = height / 10 + random.nextInt(height / 3);
      if (i % 2 == 0) {
        graphics.fillOval(x, y, wide, high);
      } else {
        graphics.fillRect(x, y, wide, high);
      }
    }
    graphics.dispose();
    return image;
  }

  private static BufferedImage scaled(BufferedImage image, int width, int height) {
    BufferedImage scaled = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = scaled.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return scaled;
  }

  private static BufferedImage recompressed(BufferedImage image, float quality) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(quality);
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), parameters);
    }
    writer.dispose();
    return ImageIO.read(new ByteArrayInputStream(out.toByteArray()));
  }
}
