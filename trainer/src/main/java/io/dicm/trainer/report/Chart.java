package io.dicm.trainer.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/**
 * A line or point chart as SVG. Colours come from the page's style sheet, so that they fit light
 * and dark; series differ by dash or mark as well as by colour. Immutable.
 *
 * @param id unique on the page; letters, digits and hyphens
 * @param title what it shows, for those who do not see it
 * @param horizontal name and unit of the horizontal axis
 * @param vertical name and unit of the vertical axis
 * @param series lines or points
 * @param marks vertical lines
 * @param square whether both axes have one scale, with the diagonal drawn
 */
public record Chart(
    String id,
    String title,
    String horizontal,
    String vertical,
    List<Series> series,
    List<Mark> marks,
    boolean square) {
  private static final int WIDTH = 440;
  private static final int SQUARE_WIDTH = 384;
  private static final int HEIGHT = 280;
  private static final int SQUARE_HEIGHT = 372;
  private static final int LEFT = 60;
  private static final int RIGHT = 12;
  private static final int TOP = 12;
  private static final int BOTTOM = 46;
  private static final int TICKS = 5;
  private static final double MARGIN = 0.06;

  public Chart {
    series = List.copyOf(series);
    marks = List.copyOf(marks);
  }

  /**
   * Points with finite values.
   *
   * @param name for the legend; empty: not in it
   * @param style class of the style sheet: {@code s1} to {@code s3}, or {@code faint}
   * @param x ascending
   * @param points whether there are points instead of a line
   */
  public record Series(String name, String style, double[] x, double[] y, boolean points) {}

  /** A vertical line with a few letters beside it. */
  public record Mark(double x, String label) {}

  private record Range(double low, double high) {
    double step() {
      double rough = (high - low) / TICKS;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double fraction = rough / power;
      return power * (fraction < 1.5 ? 1 : fraction < 3.5 ? 2 : fraction < 7.5 ? 5 : 10);
    }

    List<Double> ticks() {
      List<Double> ticks = new ArrayList<>();
      double step = step();
      for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
        ticks.add(i * step);
      }
      return ticks;
    }
  }

  /** Writes the picture; there must be a point at least. */
  public void write(Markup out) {
    Range x = square ? both() : range(true, 0);
    Range y = square ? x : range(false, MARGIN);
    DoubleUnaryOperator across =
        value -> LEFT + (value - x.low()) / (x.high() - x.low()) * (width() - LEFT - RIGHT);
    DoubleUnaryOperator up =
        value ->
            height()
                - BOTTOM
                - (value - y.low()) / (y.high() - y.low()) * (height() - TOP - BOTTOM);
    out.element(
        "svg",
        svg -> {
          svg.element("title", title, "id", id + "-title");
          axes(svg, x, y, across, up);
          for (Mark mark : marks) {
            mark(svg, mark, across);
          }
          for (Series one : series) {
            if (one.points()) {
              points(svg, one, across, up);
            } else {
              line(svg, one, across, up);
            }
          }
        },
        "viewBox",
        "0 0 " + width() + " " + height(),
        "class",
        square ? "chart square" : "chart",
        "role",
        "img",
        "aria-labelledby",
        id + "-title");
    legend(out);
  }

  private void axes(
      Markup svg, Range x, Range y, DoubleUnaryOperator across, DoubleUnaryOperator up) {
    for (double tick : y.ticks()) {
      String at = number(up.applyAsDouble(tick));
      svg.empty(
          "line",
          "class",
          "grid",
          "x1",
          "" + LEFT,
          "x2",
          "" + (width() - RIGHT),
          "y1",
          at,
          "y2",
          at);
      svg.element(
          "text",
          Numbers.tick(tick, y.step()),
          "class",
          "tick end",
          "x",
          "" + (LEFT - 6),
          "y",
          number(up.applyAsDouble(tick) + 4));
    }
    for (double tick : x.ticks()) {
      svg.element(
          "text",
          Numbers.tick(tick, x.step()),
          "class",
          "tick middle",
          "x",
          number(across.applyAsDouble(tick)),
          "y",
          "" + (height() - BOTTOM + 18));
    }
    svg.empty(
        "line",
        "class",
        "axis",
        "x1",
        "" + LEFT,
        "x2",
        "" + (width() - RIGHT),
        "y1",
        "" + (height() - BOTTOM),
        "y2",
        "" + (height() - BOTTOM));
    svg.element(
        "text",
        horizontal,
        "class",
        "label middle",
        "x",
        "" + (LEFT + width() - RIGHT) / 2,
        "y",
        "" + (height() - 8));
    int middle = (TOP + height() - BOTTOM) / 2;
    svg.element(
        "text",
        vertical,
        "class",
        "label middle",
        "x",
        "14",
        "y",
        "" + middle,
        "transform",
        "rotate(-90 14 " + middle + ")");
    if (square) {
      svg.empty(
          "path",
          "class",
          "diagonal",
          "d",
          "M" + point(x.low(), x.low(), across, up) + "L" + point(x.high(), x.high(), across, up));
    }
  }

  private void mark(Markup svg, Mark mark, DoubleUnaryOperator across) {
    String x = number(across.applyAsDouble(mark.x()));
    svg.empty(
        "line", "class", "mark", "x1", x, "x2", x, "y1", "" + TOP, "y2", "" + (height() - BOTTOM));
    svg.element(
        "text",
        mark.label(),
        "class",
        "tick",
        "x",
        number(across.applyAsDouble(mark.x()) + 4),
        "y",
        "" + (TOP + 10));
  }

  private static void line(
      Markup svg, Series one, DoubleUnaryOperator across, DoubleUnaryOperator up) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < one.x().length; i++) {
      path.append(i == 0 ? 'M' : 'L').append(point(one.x()[i], one.y()[i], across, up));
    }
    svg.empty("path", "class", "line " + one.style(), "d", path.toString());
  }

  private static void points(
      Markup svg, Series one, DoubleUnaryOperator across, DoubleUnaryOperator up) {
    for (int i = 0; i < one.x().length; i++) {
      svg.empty(
          "circle",
          "class",
          "point " + one.style(),
          "r",
          "5",
          "cx",
          number(across.applyAsDouble(one.x()[i])),
          "cy",
          number(up.applyAsDouble(one.y()[i])));
    }
  }

  private void legend(Markup out) {
    List<Series> named = series.stream().filter(one -> !one.name().isEmpty()).toList();
    if (named.size() < 2) {
      return;
    }
    out.element(
        "ul",
        list -> {
          for (Series one : named) {
            list.element(
                "li",
                item -> {
                  item.element(
                      "svg",
                      sample ->
                          sample.empty("path", "class", "line " + one.style(), "d", "M1 6L27 6"),
                      "viewBox",
                      "0 0 28 12",
                      "class",
                      "sample",
                      "aria-hidden",
                      "true");
                  item.text(one.name());
                });
          }
        },
        "class",
        "legend");
  }

  private int width() {
    return square ? SQUARE_WIDTH : WIDTH;
  }

  /** Of a square chart so that both axes are equally long. */
  private int height() {
    return square ? SQUARE_HEIGHT : HEIGHT;
  }

  private Range both() {
    Range x = range(true, MARGIN);
    Range y = range(false, MARGIN);
    return new Range(Math.max(0, Math.min(x.low(), y.low())), Math.max(x.high(), y.high()));
  }

  private Range range(boolean horizontally, double margin) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (Series one : series) {
      for (double value : horizontally ? one.x() : one.y()) {
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
    double width = high - low;
    if (width == 0) {
      width = Math.max(1e-3, Math.abs(high) / 10);
      return new Range(low - width / 2, high + width / 2);
    }
    return new Range(low - margin * width, high + margin * width);
  }

  private static String point(
      double x, double y, DoubleUnaryOperator across, DoubleUnaryOperator up) {
    return number(across.applyAsDouble(x)) + " " + number(up.applyAsDouble(y));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
