package io.dicm.feature.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestImagePreprocessor {
  private static final int SIDE = ImagePreprocessor.SIDE;
  private static final double[] MEAN = {0.485, 0.456, 0.406};
  private static final double[] DEVIATION = {0.229, 0.224, 0.225};

  private final ImagePreprocessor preprocessor = new ImagePreprocessor();

  @ParameterizedTest
  @CsvSource({"224,224", "448,448", "200,300", "1,1", "3,500", "501,2", "223,225", "640,480"})
  void agreesWithASlowReference(int width, int height) {
    BufferedImage image = noise(width, height, 11);

    FloatBuffer batch = preprocess(new Picture(image, Orientation.NORMAL));

    Random places = new Random(5);
    for (int i = 0; i < 300; i++) {
      int channel = places.nextInt(3);
      int y = places.nextInt(SIDE);
      int x = places.nextInt(SIDE);
      assertThat(batch.get((channel * SIDE + y) * SIDE + x))
          .isCloseTo((float) reference(image, channel, x, y), within(1e-4f));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "256,256",
    "224,224",
    "512,512",
    "200,300",
    "301,200",
    "1,1",
    "3,500",
    "640,480",
    "333,1000"
  })
  void cropsAsTorchvisionDoes(int width, int height) {
    BufferedImage image = noise(width, height, 12);

    FloatBuffer batch = preprocess(new Picture(image, Orientation.NORMAL), ResizeRule.CROP);

    Random places = new Random(6);
    for (int i = 0; i < 200; i++) {
      int channel = places.nextInt(3);
      int y = places.nextInt(SIDE);
      int x = places.nextInt(SIDE);
      assertThat(batch.get((channel * SIDE + y) * SIDE + x))
          .isCloseTo((float) croppedReference(image, channel, x, y), within(1e-4f));
    }
  }

  /** Pillow rounds to 8 bits after each direction; here nothing is rounded. */
  @ParameterizedTest
  @CsvSource({"200,300", "640,480", "333,1000", "50,61"})
  void differsByLessThanALevelFromAResizeIn8Bits(int width, int height) {
    BufferedImage image = noise(width, height, 13);
    int[] size = torchvisionSize(width, height);
    int left = (int) Math.rint((size[0] - SIDE) / 2.0);
    int top = (int) Math.rint((size[1] - SIDE) / 2.0);

    FloatBuffer batch = preprocess(new Picture(image, Orientation.NORMAL), ResizeRule.CROP);

    for (int channel = 0; channel < 3; channel++) {
      int[][] resized = resizeIn8Bits(image, channel, size[0], size[1]);
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          double level =
              batch.get((channel * SIDE + y) * SIDE + x) * DEVIATION[channel] + MEAN[channel];
          assertThat(level)
              .as("channel %s, row %s, column %s", channel, y, x)
              .isCloseTo(resized[left + x][top + y] / 255.0, within(1.0001 / 255));
        }
      }
    }
  }

  @Test
  void makesOtherSizesAndScales() {
    BufferedImage image = noise(90, 60, 2);
    Preprocessing wanted =
        new Preprocessing(
            30, 45, ResizeRule.STRETCH, 0, List.of(0f, 0.5f, 1f), List.of(1f, 0.5f, 2f));
    FloatBuffer batch = FloatBuffer.allocate(wanted.floats());

    new ImagePreprocessor(wanted).preprocess(new Picture(image, Orientation.NORMAL), batch, 0);

    double blue = resample(image, 2, 7, 20, 2.0, 2.0) / 255;
    assertThat(batch.get((2 * 30 + 20) * 45 + 7))
        .isCloseTo((float) ((blue - 1) / 2), within(1e-5f));
    double red = resample(image, 0, 44, 29, 2.0, 2.0) / 255;
    assertThat(batch.get(29 * 45 + 44)).isCloseTo((float) red, within(1e-5f));
  }

  @Test
  void keepsAPictureOfTheRightSizeAsItIs() {
    BufferedImage image = noise(SIDE, SIDE, 3);

    FloatBuffer batch = preprocess(new Picture(image, Orientation.NORMAL));

    double green = (image.getRGB(17, 99) >> 8 & 0xFF) / 255.0;
    assertThat(batch.get((SIDE + 99) * SIDE + 17))
        .isCloseTo((float) ((green - 0.456) / 0.224), within(1e-5f));
  }

  @Test
  void averagesAFineCheckerboardInsteadOfPickingPixels() {
    BufferedImage image = new BufferedImage(SIDE * 4, SIDE * 4, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, (x + y) % 2 == 0 ? 0xFFFFFF : 0);
      }
    }

    FloatBuffer batch = preprocess(new Picture(image, Orientation.NORMAL));

    for (int i = 0; i < SIDE * SIDE; i++) {
      assertThat(batch.get(i)).isCloseTo((float) ((0.5 - 0.485) / 0.229), within(0.02f));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void turnsAsAViewerDoes(int exif) {
    // The cut is one pixel nearer to one side than to the other.
    for (BufferedImage stored : List.of(noise(300, 200, 8), noise(211, 257, 9))) {
      for (ResizeRule rule : ResizeRule.values()) {
        FloatBuffer turned = preprocess(new Picture(stored, Orientation.ofExif(exif)), rule);
        FloatBuffer reference =
            preprocess(new Picture(shown(stored, exif), Orientation.NORMAL), rule);

        for (int i = 0; i < ImagePreprocessor.FLOATS; i++) {
          assertThat(turned.get(i)).isCloseTo(reference.get(i), within(1e-4f));
        }
      }
    }
  }

  @Test
  void writesIntoItsPlaceOfTheBatchOnly() {
    FloatBuffer batch = FloatBuffer.allocate(3 * ImagePreprocessor.FLOATS);

    preprocessor.preprocess(new Picture(noise(9, 9, 1), Orientation.NORMAL), batch, 1);

    assertThat(batch.get(ImagePreprocessor.FLOATS - 1)).isZero();
    assertThat(batch.get(ImagePreprocessor.FLOATS)).isNotZero();
    assertThat(batch.get(2 * ImagePreprocessor.FLOATS - 1)).isNotZero();
    assertThat(batch.get(2 * ImagePreprocessor.FLOATS)).isZero();
    assertThat(batch.position()).isZero();
  }

  private FloatBuffer preprocess(Picture picture) {
    FloatBuffer batch = FloatBuffer.allocate(ImagePreprocessor.FLOATS);
    preprocessor.preprocess(picture, batch, 0);
    return batch;
  }

  private static FloatBuffer preprocess(Picture picture, ResizeRule rule) {
    FloatBuffer batch = FloatBuffer.allocate(ImagePreprocessor.FLOATS);
    new ImagePreprocessor(Preprocessing.imageNet(rule)).preprocess(picture, batch, 0);
    return batch;
  }

  private static double reference(BufferedImage image, int channel, int x, int y) {
    double scaleX = (double) image.getWidth() / SIDE;
    double scaleY = (double) image.getHeight() / SIDE;
    return (resample(image, channel, x, y, scaleX, scaleY) / 255 - MEAN[channel])
        / DEVIATION[channel];
  }

  /** torchvision's Resize(256) and CenterCrop(224). */
  private static double croppedReference(BufferedImage image, int channel, int x, int y) {
    int[] size = torchvisionSize(image.getWidth(), image.getHeight());
    int left = (int) Math.rint((size[0] - SIDE) / 2.0);
    int top = (int) Math.rint((size[1] - SIDE) / 2.0);
    double scaleX = (double) image.getWidth() / size[0];
    double scaleY = (double) image.getHeight() / size[1];
    return (resample(image, channel, left + x, top + y, scaleX, scaleY) / 255 - MEAN[channel])
        / DEVIATION[channel];
  }

  private static int[] torchvisionSize(int width, int height) {
    return width <= height
        ? new int[] {256, 256 * height / width}
        : new int[] {256 * width / height, 256};
  }

  /** One output value by the definition: a triangle around its center over all input pixels. */
  private static double resample(
      BufferedImage image, int channel, int x, int y, double scaleX, double scaleY) {
    double sum = 0;
    double weights = 0;
    for (int row = 0; row < image.getHeight(); row++) {
      double weightY = triangle(row + 0.5 - (y + 0.5) * scaleY, Math.max(1, scaleY));
      for (int column = 0; column < image.getWidth() && weightY > 0; column++) {
        double weight = weightY * triangle(column + 0.5 - (x + 0.5) * scaleX, Math.max(1, scaleX));
        sum += weight * (image.getRGB(column, row) >> (16 - 8 * channel) & 0xFF);
        weights += weight;
      }
    }
    return sum / weights;
  }

  /** [width][height]. */
  private static int[][] resizeIn8Bits(BufferedImage image, int channel, int width, int height) {
    int[][] columns = new int[image.getWidth()][image.getHeight()];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        columns[x][y] = image.getRGB(x, y) >> (16 - 8 * channel) & 0xFF;
      }
    }
    int[][] rows = resizeIn8Bits(columns, width);
    return resizeIn8Bits(rows, height);
  }

  /** Resizes the first axis and exchanges the axes: [from][n] to [n][to]. */
  private static int[][] resizeIn8Bits(int[][] values, int to) {
    int others = values[0].length;
    int[][] resized = new int[others][to];
    double scale = (double) values.length / to;
    for (int out = 0; out < to; out++) {
      double[] weights = new double[values.length];
      double total = 0;
      for (int in = 0; in < values.length; in++) {
        weights[in] = triangle(in + 0.5 - (out + 0.5) * scale, Math.max(1, scale));
        total += weights[in];
      }
      for (int other = 0; other < others; other++) {
        double sum = 0;
        for (int in = 0; in < values.length; in++) {
          sum += weights[in] * values[in][other];
        }
        resized[other][out] = (int) Math.rint(sum / total);
      }
    }
    return resized;
  }

  private static double triangle(double distance, double support) {
    return Math.max(0, 1 - Math.abs(distance) / support);
  }

  /** The picture as a viewer shows it, by the meaning of the Exif numbers 1 to 8. */
  private static BufferedImage shown(BufferedImage stored, int exif) {
    int w = stored.getWidth();
    int h = stored.getHeight();
    BufferedImage shown =
        exif <= 4
            ? new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB)
            : new BufferedImage(h, w, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < shown.getHeight(); y++) {
      for (int x = 0; x < shown.getWidth(); x++) {
        int rgb =
            switch (exif) {
              case 1 -> stored.getRGB(x, y);
              case 2 -> stored.getRGB(w - 1 - x, y);
              case 3 -> stored.getRGB(w - 1 - x, h - 1 - y);
              case 4 -> stored.getRGB(x, h - 1 - y);
              case 5 -> stored.getRGB(y, x);
              case 6 -> stored.getRGB(y, h - 1 - x); // turned clockwise
              case 7 -> stored.getRGB(w - 1 - y, h - 1 - x);
              default -> stored.getRGB(w - 1 - y, x); // turned counterclockwise
            };
        shown.setRGB(x, y, rgb);
      }
    }
    return shown;
  }

  private static BufferedImage noise(int width, int height, long seed) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(seed);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, random.nextInt(1 << 24));
      }
    }
    return image;
  }
}
