package io.dicm.app.master.web;

import io.dicm.app.master.history.CurvePoint;
import io.dicm.app.master.history.RunSnapshot;
import io.dicm.trainer.report.Chart;
import io.dicm.trainer.report.Markup;
import io.dicm.trainer.report.Numbers;
import io.dicm.trainer.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Loss, AUC, speed, waiting and bytes saved of the training, as charts and as a table. */
final class TrainingPart implements PagePart {
  private static final int TABLE_ROWS = 24;

  @Override
  public String id() {
    return "training";
  }

  @Override
  public String title() {
    return "Training";
  }

  @Override
  public void write(Markup out, RunSnapshot run) {
    List<CurvePoint> curve = run.page().curve();
    if (curve.isEmpty()) {
      out.element("p", "No step has been reported.", "class", "missing");
      return;
    }
    out.element("div", charts -> charts(charts, curve), "class", "charts");
    out.element(
        "details",
        table -> {
          table.element("summary", "The curves as a table");
          table(table, curve);
        },
        "id",
        "curves-table");
  }

  private static void charts(Markup out, List<CurvePoint> curve) {
    CurvePoint now = curve.get(curve.size() - 1);
    figure(
        out,
        "loss",
        "Loss by step",
        "loss, nats",
        List.of(series("", "s1", curve, CurvePoint::loss)),
        "Worker 0’s mean over about a hundred steps, before each update.");
    figure(
        out,
        "ranking",
        "Progressive AUC and GAUC by step",
        "AUC, GAUC",
        List.of(
            series("GAUC", "s2", curve, CurvePoint::gauc),
            series("AUC", "s1", curve, CurvePoint::auc)),
        "Impressions of worker 0 by the scores that they had before their step’s update, within"
            + " the latest window. A measure of the test samples follows with the evaluation.");
    figure(
        out,
        "speed",
        "Impressions per second by step",
        "impressions / s",
        List.of(series("", "s1", curve, CurvePoint::impressionsPerSecond)),
        "Of all workers, waiting included.");
    figure(
        out,
        "wait",
        "Window wait by step",
        "ms a step",
        List.of(series("", "s1", curve, CurvePoint::waitMsPerStep)),
        "How long a server’s step waits for its last worker after the first has come: where it"
            + " grows, a worker or its node is slow.");
    figure(
        out,
        "saved",
        "Bytes saved by step",
        "bytes",
        List.of(series("", "s1", curve, point -> (double) point.savedBytes())),
        saved(now));
  }

  private static String saved(CurvePoint now) {
    String factor =
        now.imageBytes() == 0
            ? ""
            : String.format(
                Locale.ROOT, ", %.0f times less", (double) now.rawVectorBytes() / now.imageBytes());
    return "Codes of images and their gradients took "
        + Numbers.bytes(now.imageBytes())
        + " instead of "
        + Numbers.bytes(now.rawVectorBytes())
        + " as plain vectors"
        + factor
        + ".";
  }

  private static void figure(
      Markup out,
      String id,
      String title,
      String vertical,
      List<Chart.Series> series,
      String caption) {
    List<Chart.Series> drawn = series.stream().filter(one -> one.x().length > 1).toList();
    out.element(
        "figure",
        figure -> {
          if (drawn.isEmpty()) {
            figure.element("p", "Too few points so far.", "class", "missing");
          } else {
            new Chart(id, title, "steps", vertical, drawn, List.of(), false).write(figure);
          }
          figure.element(
              "figcaption",
              text -> {
                text.element("strong", title);
                text.text(". " + caption);
              });
        });
    out.line();
  }

  private static Chart.Series series(
      String name, String style, List<CurvePoint> curve, Function<CurvePoint, Double> value) {
    List<CurvePoint> known = curve.stream().filter(one -> value.apply(one) != null).toList();
    return new Chart.Series(
        name,
        style,
        known.stream().mapToDouble(CurvePoint::steps).toArray(),
        known.stream().mapToDouble(value::apply).toArray(),
        false);
  }

  private static void table(Markup out, List<CurvePoint> curve) {
    new Table(
            "Curves, " + thinned(curve).size() + " of " + curve.size() + " points",
            List.of(
                "step",
                "at",
                "loss",
                "AUC",
                "GAUC",
                "impressions / s",
                "wait, ms a step",
                "bytes saved"))
        .write(
            out,
            rows ->
                thinned(curve)
                    .forEach(
                        one ->
                            rows.row(
                                Numbers.count(one.steps()),
                                List.of(
                                    Words.moment(one.atMs()),
                                    metric(one.loss()),
                                    metric(one.auc()),
                                    metric(one.gauc()),
                                    rough(one.impressionsPerSecond()),
                                    rough(one.waitMsPerStep()),
                                    Numbers.bytes(one.savedBytes())))));
  }

  /** Evenly, the last one included. */
  private static List<CurvePoint> thinned(List<CurvePoint> curve) {
    if (curve.size() <= TABLE_ROWS) {
      return curve;
    }
    List<CurvePoint> thinned = new ArrayList<>();
    for (int i = 1; i <= TABLE_ROWS; i++) {
      thinned.add(curve.get((int) ((long) i * curve.size() / TABLE_ROWS) - 1));
    }
    return thinned;
  }

  private static String metric(Double value) {
    return value == null ? "–" : Numbers.metric(value);
  }

  private static String rough(Double value) {
    return value == null ? "–" : Numbers.rough(value);
  }
}
