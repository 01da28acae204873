package io.dicm.feature.decode;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * A decoded picture, given out row by row as it lies in the file, without a second copy of its
 * pixels. Transparent pixels are shown on white. Not safe for use by many threads.
 */
public final class Picture implements DecodedImage {
  private static final int WHITE = 255;

  private final BufferedImage image;
  private final Orientation orientation;
  private final boolean gray;

  Picture(BufferedImage image, Orientation orientation) {
    this.image = image;
    this.orientation = orientation;
    ColorModel model = image.getColorModel();
    // Java takes gray as linear light and would brighten it; every viewer shows the sample as is.
    this.gray =
        !(model instanceof IndexColorModel)
            && model.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
  }

  /** Width as a viewer shows it, pixels. */
  public int width() {
    return orientation.transposes() ? image.getHeight() : image.getWidth();
  }

  /** Height as a viewer shows it, pixels. */
  public int height() {
    return orientation.transposes() ? image.getWidth() : image.getHeight();
  }

  /** How a viewer turns the stored rows. */
  public Orientation orientation() {
    return orientation;
  }

  /** Pixels in a stored row. */
  public int storedWidth() {
    return image.getWidth();
  }

  /** Stored rows. */
  public int storedHeight() {
    return image.getHeight();
  }

  /**
   * Reads one stored row.
   *
   * @param rgb receives {@link #storedWidth} pixels as 0xRRGGBB
   */
  public void readRow(int y, int[] rgb) {
    if (gray) {
      readGrayRow(y, rgb);
      return;
    }
    image.getRGB(0, y, image.getWidth(), 1, rgb, 0, image.getWidth());
    for (int x = 0; x < image.getWidth(); x++) {
      rgb[x] = onWhite(rgb[x]);
    }
  }

  private void readGrayRow(int y, int[] rgb) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    int width = image.getWidth();
    int[] gray = raster.getSamples(0, y, width, 1, 0, (int[]) null);
    int[] alpha = model.hasAlpha() ? raster.getSamples(0, y, width, 1, 1, (int[]) null) : null;
    int most = (1 << model.getComponentSize(0)) - 1;
    for (int x = 0; x < width; x++) {
      int level = to8Bits(gray[x], most);
      int opacity = alpha == null ? WHITE : to8Bits(alpha[x], most);
      rgb[x] = onWhite(opacity << 24 | level << 16 | level << 8 | level);
    }
  }

  private static int to8Bits(int sample, int most) {
    return (int) ((sample * 255L + most / 2) / most);
  }

  private static int onWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == WHITE) {
      return argb & 0xFFFFFF;
    }
    return blend(argb >> 16 & 0xFF, alpha) << 16
        | blend(argb >> 8 & 0xFF, alpha) << 8
        | blend(argb & 0xFF, alpha);
  }

  private static int blend(int value, int alpha) {
    return (value * alpha + WHITE * (WHITE - alpha) + WHITE / 2) / WHITE;
  }
}
