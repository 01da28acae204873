package io.dicm.trainer.report;

import java.util.Locale;

/**
 * Draws values with their intervals as a point on a line, all rows of a table on one scale. What
 * lies beyond the scale is an arrow at its end.
 *
 * @param low the scale's left end
 * @param high the scale's right end
 */
record IntervalPlot(double low, double high) {
  private static final int WIDTH = 120;
  private static final int HEIGHT = 16;
  private static final int EDGE = 5;

  /** A scale to which nothing belongs yet. */
  static IntervalPlot empty() {
    return new IntervalPlot(Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
  }

  /** A scale on which these are, too. */
  IntervalPlot with(double from, double to) {
    return new IntervalPlot(Math.min(low, from), Math.max(high, to));
  }

  /**
   * Draws one.
   *
   * @param reference where a thin vertical line is drawn; not a number: none
   */
  void write(Markup out, double value, double from, double to, double reference) {
    String middle = Integer.toString(HEIGHT / 2);
    out.element(
        "svg",
        svg -> {
          if (!Double.isNaN(reference)) {
            String x = across(reference);
            svg.empty(
                "line",
                "class",
                "reference",
                "x1",
                x,
                "x2",
                x,
                "y1",
                "0",
                "y2",
                Integer.toString(HEIGHT));
          }
          if (value < low || value > high) {
            int tip = value > high ? WIDTH - 1 : 1;
            int base = value > high ? tip - 2 * EDGE : tip + 2 * EDGE;
            svg.empty(
                "path", "class", "estimate", "d", "M%d 8L%d 3L%d 13Z".formatted(tip, base, base));
            return;
          }
          svg.empty(
              "line",
              "class",
              "interval",
              "x1",
              across(from),
              "x2",
              across(to),
              "y1",
              middle,
              "y2",
              middle);
          svg.empty("circle", "class", "estimate", "r", "4", "cx", across(value), "cy", middle);
        },
        "viewBox",
        "0 0 " + WIDTH + " " + HEIGHT,
        "class",
        "whisker",
        "aria-hidden",
        "true");
  }

  private String across(double value) {
    double width = high - low;
    double share = width > 0 ? Math.max(0, Math.min(1, (value - low) / width)) : 0.5;
    return String.format(Locale.ROOT, "%.1f", EDGE + share * (WIDTH - 2 * EDGE));
  }
}
