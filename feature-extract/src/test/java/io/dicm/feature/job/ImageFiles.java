package io.dicm.feature.job;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Draws image files for tests. */
final class ImageFiles {
  private ImageFiles() {}

  /** Writes a PNG of one color. */
  static void writePlain(Path file, Color color, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, color.getRGB());
      }
    }
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  /** Writes {@code count} PNGs named image-0.png and so on, whose red is their number. */
  static void writeMany(Path directory, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      writePlain(directory.resolve("image-" + i + ".png"), new Color(i % 256, 128, 0), 20, 10);
    }
  }
}
