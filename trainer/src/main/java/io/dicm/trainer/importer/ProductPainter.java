package io.dicm.trainer.importer;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.util.SplittableRandom;

/** Draws product pictures without a display. Safe for use by many threads. */
final class ProductPainter {
  private static final Color[] BACKDROPS = {
    new Color(250, 250, 248),
    new Color(232, 236, 240),
    new Color(244, 232, 214),
    new Color(222, 232, 222)
  };
  private static final int LEAST_SIDE = 200;
  private static final int MOST_SIDE = 300;

  /**
   * @param random makes two pictures of one look differ in size, place, tilt, shade and backdrop
   */
  BufferedImage paint(Look look, SplittableRandom random) {
    int width = random.nextInt(LEAST_SIDE, MOST_SIDE + 1);
    int height = random.nextInt(LEAST_SIDE, MOST_SIDE + 1);
    BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = picture.createGraphics();
    try {
      canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      paintBackdrop(canvas, width, height, random);
      paintProduct(canvas, look, width, height, random);
    } finally {
      canvas.dispose();
    }
    return picture;
  }

  private static void paintBackdrop(
      Graphics2D canvas, int width, int height, SplittableRandom random) {
    Color color = BACKDROPS[random.nextInt(BACKDROPS.length)];
    canvas.setPaint(new GradientPaint(0, 0, color, 0, height, darker(color)));
    canvas.fillRect(0, 0, width, height);
  }

  private static void paintProduct(
      Graphics2D canvas, Look look, int width, int height, SplittableRandom random) {
    int side = Math.min(width, height);
    double size = side * random.nextDouble(0.80, 0.95);
    double x = (width - size) / 2 + random.nextDouble(-0.02, 0.02) * side;
    double y = (height - size) / 2 + random.nextDouble(-0.02, 0.02) * side;
    Shape outline = look.shape().at(x, y, size, random.nextDouble(-0.12, 0.12));
    canvas.setPaint(look.color().shade(random.nextInt(-20, 21)));
    canvas.fill(outline);
    Shape wholeCanvas = canvas.getClip();
    canvas.setClip(outline);
    canvas.setPaint(look.light() ? new Color(250, 248, 240) : new Color(24, 24, 30));
    look.pattern().paint(canvas, Math.max(width, height), side / random.nextInt(8, 11));
    canvas.setClip(wholeCanvas);
    canvas.setPaint(new Color(40, 40, 44));
    canvas.setStroke(new BasicStroke(2.5f));
    canvas.draw(outline);
  }

  private static Color darker(Color color) {
    return new Color(color.getRed() - 18, color.getGreen() - 18, color.getBlue() - 18);
  }
}
