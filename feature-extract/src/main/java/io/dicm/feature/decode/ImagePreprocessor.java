package io.dicm.feature.decode;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Turns a picture of any size into a network's input, as a {@link Preprocessing} says. The same
 * picture gives the same bits each time.
 *
 * <p>Rows are taken one at a time, so that the memory needed does not grow with the picture. Not
 * safe for use by many threads.
 */
public final class ImagePreprocessor {
  /** Width and height of VGG16's input, pixels. */
  public static final int SIDE = 224;

  /** Floats of one preprocessed picture for VGG16, [3, 224, 224]. */
  public static final int FLOATS = 3 * SIDE * SIDE;

  /** The preprocessing without settings, in words. */
  public static final String DESCRIPTION = Preprocessing.imageNet(ResizeRule.STRETCH).description();

  private static final int CHANNELS = 3;

  private final PerceptualHash hash = new PerceptualHash();
  private final Preprocessing preprocessing;
  private final int pixels;
  private final float[] sums;
  private final float[] narrowRow;

  /** Makes 224 x 224 pixels, aspect not kept, with ImageNet's mean and deviation. */
  public ImagePreprocessor() {
    this(Preprocessing.imageNet(ResizeRule.STRETCH));
  }

  /** Makes what is asked for. */
  public ImagePreprocessor(Preprocessing preprocessing) {
    this.preprocessing = preprocessing;
    this.pixels = preprocessing.height() * preprocessing.width();
    this.sums = new float[preprocessing.floats()];
    this.narrowRow = new float[CHANNELS * Math.max(preprocessing.height(), preprocessing.width())];
  }

  /**
   * Writes a picture into a batch.
   *
   * @param batch [n, 3, height, width]
   * @param index the picture's place in the batch
   * @return the picture's perceptual hash; see {@code FeatureRecord}
   */
  public long preprocess(Picture picture, FloatBuffer batch, int index) {
    Window window = Window.of(picture, preprocessing);
    resample(picture, window);
    int base = index * preprocessing.floats();
    for (int channel = 0; channel < CHANNELS; channel++) {
      float deviation = preprocessing.deviation().get(channel);
      float scale = 1f / (255f * deviation);
      float shift = preprocessing.mean().get(channel) / deviation;
      for (int y = 0; y < window.height(); y++) {
        for (int x = 0; x < window.width(); x++) {
          float value = sums[channel * pixels + y * window.width() + x] * scale - shift;
          // The filter is symmetric, so turning the small picture is turning the large one.
          int shownY = picture.orientation().shownY(x, y, preprocessing.height());
          int shownX = picture.orientation().shownX(x, y, preprocessing.width());
          batch.put(base + channel * pixels + shownY * preprocessing.width() + shownX, value);
        }
      }
    }
    return hash.of(sums, pixels, window.width(), window.height(), picture.orientation());
  }

  /** Fills {@link #sums}, [3, window's height, width], with the picture as stored, 0 to 255. */
  private void resample(Picture picture, Window window) {
    TriangleFilter horizontal =
        new TriangleFilter(
            picture.storedWidth(), window.resizedWidth(), window.left(), window.width());
    TriangleFilter vertical =
        new TriangleFilter(
            picture.storedHeight(), window.resizedHeight(), window.top(), window.height());
    Arrays.fill(sums, 0f);
    int[] row = new int[picture.storedWidth()];
    int from = 0;
    int lastRow = vertical.end(window.height() - 1);
    for (int y = vertical.start(0); y < lastRow; y++) {
      picture.readRow(y, row);
      narrow(row, horizontal, window.width());
      while (from < window.height() && vertical.end(from) <= y) {
        from++;
      }
      for (int out = from; out < window.height() && vertical.start(out) <= y; out++) {
        if (y < vertical.end(out)) {
          add(out, window.width(), vertical.weight(out, y));
        }
      }
    }
  }

  private void narrow(int[] row, TriangleFilter filter, int width) {
    for (int out = 0; out < width; out++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      for (int x = filter.start(out); x < filter.end(out); x++) {
        float weight = filter.weight(out, x);
        red += weight * (row[x] >> 16 & 0xFF);
        green += weight * (row[x] >> 8 & 0xFF);
        blue += weight * (row[x] & 0xFF);
      }
      narrowRow[out] = red;
      narrowRow[width + out] = green;
      narrowRow[2 * width + out] = blue;
    }
  }

  private void add(int y, int width, float weight) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      int to = channel * pixels + y * width;
      for (int x = 0; x < width; x++) {
        sums[to + x] += weight * narrowRow[channel * width + x];
      }
    }
  }
}
