package io.dicm.trainer.report;

import io.dicm.trainer.train.TrainingCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** Loss, progressive AUC and GAUC, and speed, by steps. */
final class TrainingSection implements Section {
  /** Points of a curve that one of its smoothed points is the mean of, as a share of all. */
  private static final int SMOOTHED_PARTS = 40;

  @Override
  public String id() {
    return "training";
  }

  @Override
  public String title() {
    return "Training";
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(out, report.curve(), curve -> write(out, curve));
  }

  private static void write(Markup out, TrainingCurve curve) {
    List<TrainingCurve.Point> points = curve.points();
    if (points.isEmpty()) {
      Missing.say(out, "The training has made no step.");
      return;
    }
    List<Chart.Mark> passes = passes(points);
    out.element(
        "div",
        charts -> {
          figure(
              charts,
              new Chart(
                  "loss",
                  "Loss by step",
                  "steps",
                  "loss, nats",
                  smoothed(points, TrainingCurve.Point::loss),
                  passes,
                  false),
              "Cross-entropy of the impressions of worker "
                  + curve.worker()
                  + " before each update; the strong line is a running mean. From "
                  + Numbers.metric(points.get(0).loss())
                  + " to "
                  + Numbers.metric(points.get(points.size() - 1).loss())
                  + ".");
          progressive(charts, curve, passes);
          figure(
              charts,
              new Chart(
                  "speed",
                  "Impressions per second by step",
                  "steps",
                  "impressions / s",
                  smoothed(points, TrainingCurve.Point::impressionsPerSecond),
                  passes,
                  false),
              "Speed of worker "
                  + curve.worker()
                  + ", waiting included: "
                  + Numbers.rough(speed(points))
                  + " impressions a second over all.");
        },
        "class",
        "charts");
  }

  private static void progressive(Markup charts, TrainingCurve curve, List<Chart.Mark> passes) {
    Chart.Series auc = series(curve, "AUC", "s1", TrainingCurve.Progressive::auc);
    Chart.Series gauc = series(curve, "GAUC", "s2", TrainingCurve.Progressive::gauc);
    List<Chart.Series> drawn =
        java.util.stream.Stream.of(gauc, auc).filter(one -> one.x().length > 1).toList();
    if (drawn.isEmpty()) {
      charts.element(
          "div",
          box ->
              Missing.say(
                  box,
                  curve.progressive().isEmpty()
                      ? "The training curve has no AUC and GAUC: it was made by an older version."
                      : "The training was too short for a curve of AUC and GAUC."));
      return;
    }
    figure(
        charts,
        new Chart(
            "ranking",
            "Progressive AUC and GAUC by step",
            "steps",
            "AUC, GAUC",
            drawn,
            passes,
            false),
        "Each impression by the score that it had before its step’s update,"
            + " compared within windows of neighbouring impressions. In the first pass these are"
            + " impressions never trained on; in later ones the model has seen them.");
  }

  private static Chart.Series series(
      TrainingCurve curve,
      String name,
      String style,
      java.util.function.Function<TrainingCurve.Progressive, Double> value) {
    Predicate<TrainingCurve.Progressive> defined = one -> value.apply(one) != null;
    List<TrainingCurve.Progressive> shown = curve.progressive().stream().filter(defined).toList();
    return new Chart.Series(
        name,
        style,
        shown.stream().mapToDouble(TrainingCurve.Progressive::step).toArray(),
        shown.stream().mapToDouble(value::apply).toArray(),
        false);
  }

  /** The points themselves, faint where there are many, and their running mean. */
  private static List<Chart.Series> smoothed(
      List<TrainingCurve.Point> points, ToDoubleFunction<TrainingCurve.Point> value) {
    double[] steps = points.stream().mapToDouble(TrainingCurve.Point::step).toArray();
    double[] values = points.stream().mapToDouble(value).toArray();
    int reach = values.length / SMOOTHED_PARTS;
    if (reach == 0) {
      return List.of(new Chart.Series("", "s1", steps, values, false));
    }
    double[] means = new double[values.length];
    for (int i = 0; i < means.length; i++) {
      int from = Math.max(0, i - reach);
      int to = Math.min(values.length, i + reach + 1);
      for (int j = from; j < to; j++) {
        means[i] += values[j] / (to - from);
      }
    }
    return List.of(
        new Chart.Series("", "faint", steps, values, false),
        new Chart.Series("", "s1", steps, means, false));
  }

  private static List<Chart.Mark> passes(List<TrainingCurve.Point> points) {
    List<Chart.Mark> marks = new ArrayList<>();
    for (int i = 1; i < points.size(); i++) {
      if (points.get(i).epoch() > points.get(i - 1).epoch()) {
        marks.add(new Chart.Mark(points.get(i - 1).step(), "pass " + (points.get(i).epoch() + 1)));
      }
    }
    return marks;
  }

  private static double speed(List<TrainingCurve.Point> points) {
    double seconds = 0;
    long before = 0;
    long counted = 0;
    for (int i = 0; i < points.size(); i++) {
      // What the first point counts from a checkpoint on is not known.
      long impressions = i == 0 ? 0 : points.get(i).impressions() - before;
      seconds += impressions / points.get(i).impressionsPerSecond();
      counted += impressions;
      before = points.get(i).impressions();
    }
    return counted == 0 ? points.get(0).impressionsPerSecond() : counted / seconds;
  }

  static void figure(Markup out, Chart chart, String caption) {
    out.element(
        "figure",
        figure -> {
          chart.write(figure);
          figure.element(
              "figcaption",
              text -> {
                text.element("strong", chart.title());
                text.text(". " + caption);
              });
        });
    out.line();
  }
}
