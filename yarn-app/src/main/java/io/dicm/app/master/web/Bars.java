package io.dicm.app.master.web;

import io.dicm.trainer.report.Markup;
import java.util.Locale;

/** Draws a share as a bar; the text beside it says the same. */
final class Bars {
  private static final int WIDTH = 96;
  private static final double ALMOST_FULL = 0.9;

  private Bars() {}

  /**
   * A bar, then a text.
   *
   * @param share 0 to 1
   * @param warns whether nearly full is worth a look
   */
  static void write(Markup out, double share, String text, boolean warns) {
    double shown = Math.max(0, Math.min(1, share));
    out.element(
        "svg",
        svg -> {
          bar(svg, "track", WIDTH);
          bar(svg, warns && shown >= ALMOST_FULL ? "full" : "filled", shown * WIDTH);
        },
        "class",
        "share",
        "viewBox",
        "0 0 " + WIDTH + " 10",
        "aria-hidden",
        "true");
    out.text(" " + text);
  }

  private static void bar(Markup svg, String style, double width) {
    svg.empty(
        "rect",
        "class",
        style,
        "width",
        String.format(Locale.ROOT, "%.1f", width),
        "height",
        "10",
        "rx",
        "3");
  }
}
