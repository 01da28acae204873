package io.dicm.trainer.importer;

import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.Locale;

/** What is sold, and the category; outlines fill a square of 100 by 100. */
enum ProductShape {
  SHIRT {
    @Override
    Area outline() {
      Area shirt =
          polygon(30, 8, 70, 8, 98, 30, 84, 50, 74, 42, 74, 94, 26, 94, 26, 42, 16, 50, 2, 30);
      shirt.subtract(new Area(new Ellipse2D.Double(39, -2, 22, 20)));
      return shirt;
    }
  },
  SHOE {
    @Override
    Area outline() {
      Path2D shoe = new Path2D.Double();
      shoe.moveTo(4, 24);
      shoe.lineTo(36, 22);
      shoe.curveTo(44, 46, 62, 50, 84, 54);
      shoe.curveTo(98, 58, 100, 72, 96, 82);
      shoe.lineTo(4, 82);
      shoe.closePath();
      return new Area(shoe);
    }
  },
  BAG {
    @Override
    Area outline() {
      Area bag = new Area(new RoundRectangle2D.Double(6, 36, 88, 58, 18, 18));
      bag.add(ring(28, 6, 44, 60, 7));
      return bag;
    }
  },
  LAMP {
    @Override
    Area outline() {
      Area lamp = polygon(28, 4, 72, 4, 96, 56, 4, 56);
      lamp.add(rectangle(45, 56, 10, 32));
      lamp.add(rectangle(26, 86, 48, 9));
      return lamp;
    }
  },
  MUG {
    @Override
    Area outline() {
      Area mug = new Area(new RoundRectangle2D.Double(6, 10, 66, 84, 16, 16));
      mug.add(ring(56, 28, 40, 44, 9));
      return mug;
    }
  },
  VASE {
    @Override
    Area outline() {
      Path2D vase = new Path2D.Double();
      vase.moveTo(34, 4);
      vase.lineTo(66, 4);
      vase.curveTo(58, 28, 98, 44, 70, 96);
      vase.lineTo(30, 96);
      vase.curveTo(2, 44, 42, 28, 34, 4);
      vase.closePath();
      return new Area(vase);
    }
  };

  abstract Area outline();

  /** The category in items.csv. */
  String category() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The outline at a place, size and tilt. */
  Shape at(double x, double y, double size, double tiltRadians) {
    AffineTransform transform = AffineTransform.getTranslateInstance(x, y);
    transform.rotate(tiltRadians, size / 2, size / 2);
    transform.scale(size / 100, size / 100);
    return outline().createTransformedArea(transform);
  }

  private static Area polygon(double... corners) {
    Path2D path = new Path2D.Double();
    path.moveTo(corners[0], corners[1]);
    for (int i = 2; i < corners.length; i += 2) {
      path.lineTo(corners[i], corners[i + 1]);
    }
    path.closePath();
    return new Area(path);
  }

  private static Area rectangle(double x, double y, double width, double height) {
    return new Area(new Rectangle2D.Double(x, y, width, height));
  }

  private static Area ring(double x, double y, double width, double height, double thickness) {
    Area ring = new Area(new Ellipse2D.Double(x, y, width, height));
    ring.subtract(
        new Area(
            new Ellipse2D.Double(
                x + thickness, y + thickness, width - 2 * thickness, height - 2 * thickness)));
    return ring;
  }
}
