package io.dicm.feature.decode;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;

/**
 * Shows four inks as red, green and blue: each light is what its ink and black let through. That is
 * what viewers do without a color profile; profiles are not read.
 */
final class Inks {
  private static final int WHITE = 255;

  private final JpegHeader header;

  Inks(JpegHeader header) {
    this.header = header;
  }

  /**
   * Converts a picture.
   *
   * @param raster four components, as stored
   */
  BufferedImage toRgb(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] inks = new int[JpegHeader.INKS * width];
    int[] rgb = new int[width];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, inks);
      for (int x = 0; x < width; x++) {
        rgb[x] = rgb(inks, JpegHeader.INKS * x);
      }
      image.setRGB(0, y, width, 1, rgb, 0, width);
    }
    return image;
  }

  private int rgb(int[] inks, int at) {
    int cyan = inks[at];
    int magenta = inks[at + 1];
    int yellow = inks[at + 2];
    if (header.isYcck()) {
      // T.872, section 6.5.3: the inverted inks are 255 less what YCbCr gives as RGB (T.871).
      double luma = inks[at];
      double blue = inks[at + 1] - 128;
      double red = inks[at + 2] - 128;
      cyan = WHITE - clamped(luma + 1.402 * red);
      magenta = WHITE - clamped(luma - 0.344136 * blue - 0.714136 * red);
      yellow = WHITE - clamped(luma + 1.772 * blue);
    }
    int black = light(inks[at + 3]);
    return product(light(cyan), black) << 16
        | product(light(magenta), black) << 8
        | product(light(yellow), black);
  }

  /** What an ink lets through; inverted inks say it themselves. */
  private int light(int ink) {
    return header.hasAdobeMarker() ? ink : WHITE - ink;
  }

  private static int product(int one, int other) {
    return (one * other + WHITE / 2) / WHITE;
  }

  private static int clamped(double value) {
    return (int) Math.max(0, Math.min(WHITE, Math.round(value)));
  }
}
