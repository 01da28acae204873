package io.dicm.feature.decode;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * Turns a picture of any size into the network's input: 224 x 224 pixels by bilinear resampling
 * with antialiasing, RGB scaled to [0, 1], then less the mean and divided by the deviation of
 * ImageNet, channel by channel. The same picture gives the same bits each time.
 *
 * <p>Rows are taken one at a time, so that the memory needed does not grow with the picture. Not
 * safe for use by many threads.
 */
public final class ImagePreprocessor {
  /** Width and height of the network's input, pixels. */
  public static final int SIDE = 224;

  /** Floats of one preprocessed picture, [3, 224, 224]. */
  public static final int FLOATS = 3 * SIDE * SIDE;

  /** The preprocessing in words; stored with the vectors. */
  public static final String DESCRIPTION =
      "224x224 bilinear antialiased, aspect not kept; RGB in [0,1]; ImageNet mean and deviation;"
          + " transparency on white; Exif orientation applied";

  private static final int CHANNELS = 3;
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};

  private final PerceptualHash hash = new PerceptualHash(SIDE);
  private final float[] sums = new float[FLOATS];
  private final float[] narrowRow = new float[CHANNELS * SIDE];

  /**
   * Writes a picture into a batch.
   *
   * @param batch [n, 3, 224, 224]
   * @param index the picture's place in the batch
   * @return the picture's perceptual hash; see {@code FeatureRecord}
   */
  public long preprocess(Picture picture, FloatBuffer batch, int index) {
    resample(picture);
    int base = index * FLOATS;
    for (int channel = 0; channel < CHANNELS; channel++) {
      float scale = 1f / (255f * DEVIATION[channel]);
      float shift = MEAN[channel] / DEVIATION[channel];
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          float value = sums[(channel * SIDE + y) * SIDE + x] * scale - shift;
          // The filter is symmetric, so turning the small square is turning the picture.
          int shownY = picture.orientation().shownY(x, y, SIDE);
          int shownX = picture.orientation().shownX(x, y, SIDE);
          batch.put(base + (channel * SIDE + shownY) * SIDE + shownX, value);
        }
      }
    }
    return hash.of(sums, picture.orientation());
  }

  /** Fills {@link #sums}, [3, 224, 224], with the resampled picture as stored, 0 to 255. */
  private void resample(Picture picture) {
    TriangleFilter horizontal = new TriangleFilter(picture.storedWidth(), SIDE);
    TriangleFilter vertical = new TriangleFilter(picture.storedHeight(), SIDE);
    Arrays.fill(sums, 0f);
    int[] row = new int[picture.storedWidth()];
    int from = 0;
    for (int y = 0; y < picture.storedHeight(); y++) {
      picture.readRow(y, row);
      narrow(row, horizontal);
      while (from < SIDE && vertical.end(from) <= y) {
        from++;
      }
      for (int out = from; out < SIDE && vertical.start(out) <= y; out++) {
        if (y < vertical.end(out)) {
          add(out, vertical.weight(out, y));
        }
      }
    }
  }

  private void narrow(int[] row, TriangleFilter filter) {
    for (int out = 0; out < SIDE; out++) {
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
      narrowRow[SIDE + out] = green;
      narrowRow[2 * SIDE + out] = blue;
    }
  }

  private void add(int y, float weight) {
    for (int channel = 0; channel < CHANNELS; channel++) {
      int to = (channel * SIDE + y) * SIDE;
      for (int x = 0; x < SIDE; x++) {
        sums[to + x] += weight * narrowRow[channel * SIDE + x];
      }
    }
  }
}
