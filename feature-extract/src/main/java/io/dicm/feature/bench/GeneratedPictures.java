package io.dicm.feature.bench;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws JPEG pictures of the size that shops show: shapes with grain over them. */
public final class GeneratedPictures {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 800;
  private static final int SHAPES = 40;
  private static final int GRAIN = 24;

  private GeneratedPictures() {}

  /** Writes picture-000.jpg and so on; the same pictures each time. */
  public static void write(Path folder, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      String name = String.format(Locale.ROOT, "picture-%03d.jpg", i);
      try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
        if (!ImageIO.write(picture(new Random(i)), "jpeg", out)) {
          throw new IOException("This Java writes no JPEG files");
        }
      }
    }
  }

  private static BufferedImage picture(Random random) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    for (int i = 0; i < SHAPES; i++) {
      graphics.setColor(new Color(random.nextInt(1 << 24)));
      graphics.fillOval(
          random.nextInt(WIDTH) - WIDTH / 4,
          random.nextInt(HEIGHT) - HEIGHT / 4,
          random.nextInt(WIDTH / 2),
          random.nextInt(HEIGHT / 2));
    }
    graphics.dispose();
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.setRGB(x, y, grained(image.getRGB(x, y), random.nextInt(GRAIN)));
      }
    }
    return image;
  }

  private static int grained(int rgb, int grain) {
    int result = 0;
    for (int shift = 0; shift < 24; shift += 8) {
      result |= Math.min(255, (rgb >> shift & 0xFF) + grain) << shift;
    }
    return result;
  }
}
