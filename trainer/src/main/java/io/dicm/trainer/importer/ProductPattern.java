package io.dicm.trainer.importer;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** How a product's second colour covers it; painted over a square, clipped to the product. */
enum ProductPattern {
  PLAIN {
    @Override
    void paint(Graphics2D canvas, int size, int step) {}
  },
  STRIPES {
    @Override
    void paint(Graphics2D canvas, int size, int step) {
      for (int y = 0; y < size; y += step) {
        canvas.fill(new Rectangle2D.Double(0, y, size, step * 0.45));
      }
    }
  },
  DIAGONALS {
    @Override
    void paint(Graphics2D canvas, int size, int step) {
      canvas.setStroke(new BasicStroke(step * 0.32f));
      for (int x = -size; x < size; x += step) {
        canvas.draw(new Line2D.Double(x, 0, x + size, size));
      }
    }
  },
  DOTS {
    @Override
    void paint(Graphics2D canvas, int size, int step) {
      double diameter = step * 0.55;
      for (int row = 0; row * step < size; row++) {
        for (int x = (row % 2) * step / 2; x < size; x += step) {
          canvas.fill(new Ellipse2D.Double(x, row * step, diameter, diameter));
        }
      }
    }
  },
  CHECKS {
    @Override
    void paint(Graphics2D canvas, int size, int step) {
      for (int row = 0; row * step < size; row++) {
        for (int x = (row % 2) * step; x < size; x += 2 * step) {
          canvas.fill(new Rectangle2D.Double(x, row * step, step, step));
        }
      }
    }
  };

  /**
   * @param size side of the square, pixels
   * @param step distance of equal parts, pixels
   */
  abstract void paint(Graphics2D canvas, int size, int step);
}
