package io.dicm.trainer.importer;

import java.awt.Color;

/** The main colour of a product. */
enum ProductColor {
  RED(208, 36, 44),
  ORANGE(240, 132, 24),
  YELLOW(244, 208, 40),
  GREEN(44, 148, 64),
  TEAL(24, 160, 168),
  BLUE(36, 72, 190),
  PURPLE(120, 48, 160),
  BLACK(36, 34, 38);

  private final int red;
  private final int green;
  private final int blue;

  ProductColor(int red, int green, int blue) {
    this.red = red;
    this.green = green;
    this.blue = blue;
  }

  /** The colour, each channel moved by up to {@code shift}, -20 to 20. */
  Color shade(int shift) {
    return new Color(channel(red, shift), channel(green, shift), channel(blue, shift));
  }

  private static int channel(int value, int shift) {
    return Math.min(255, Math.max(0, value + shift));
  }
}
