package io.dicm.trainer.report;

import io.dicm.feature.decode.Picture;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Makes a picture small: means of areas, read row by row, as JPEG. Immutable. */
final class Thumbnail {
  private static final float QUALITY = 0.82f;

  private final int side;

  /**
   * @param side longest side, pixels; smaller pictures keep their size
   */
  Thumbnail(int side) {
    this.side = side;
  }

  /** The small picture's file. */
  byte[] jpeg(Picture picture) throws IOException {
    return encode(shrink(picture));
  }

  private BufferedImage shrink(Picture picture) {
    double factor = Math.min(1, (double) side / Math.max(picture.width(), picture.height()));
    int storedWidth = Math.max(1, (int) Math.round(factor * picture.storedWidth()));
    int storedHeight = Math.max(1, (int) Math.round(factor * picture.storedHeight()));
    long[] sums = new long[3 * storedWidth * storedHeight];
    int[] counts = new int[storedWidth * storedHeight];
    int[] row = new int[picture.storedWidth()];
    for (int y = 0; y < picture.storedHeight(); y++) {
      picture.readRow(y, row);
      int base = (int) ((long) y * storedHeight / picture.storedHeight()) * storedWidth;
      for (int x = 0; x < row.length; x++) {
        int cell = base + (int) ((long) x * storedWidth / row.length);
        sums[3 * cell] += row[x] >> 16 & 0xFF;
        sums[3 * cell + 1] += row[x] >> 8 & 0xFF;
        sums[3 * cell + 2] += row[x] & 0xFF;
        counts[cell]++;
      }
    }
    boolean turned = picture.orientation().transposes();
    int width = turned ? storedHeight : storedWidth;
    int height = turned ? storedWidth : storedHeight;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < storedHeight; y++) {
      for (int x = 0; x < storedWidth; x++) {
        int cell = y * storedWidth + x;
        long red = sums[3 * cell] / counts[cell];
        long green = sums[3 * cell + 1] / counts[cell];
        long blue = sums[3 * cell + 2] / counts[cell];
        image.setRGB(
            picture.orientation().shownX(x, y, width),
            picture.orientation().shownY(x, y, height),
            (int) (red << 16 | green << 8 | blue));
      }
    }
    return image;
  }

  private static byte[] encode(BufferedImage image) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      ImageWriteParam settings = writer.getDefaultWriteParam();
      settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      settings.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), settings);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }
}
