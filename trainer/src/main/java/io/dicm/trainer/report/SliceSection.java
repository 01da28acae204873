package io.dicm.trainer.report;

import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Interval;
import io.dicm.trainer.evaluate.SliceMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metrics of parts of the test impressions. */
final class SliceSection implements Section {
  @Override
  public String id() {
    return "slices";
  }

  @Override
  public String title() {
    return "Slices";
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(
        out,
        report.evaluation(),
        evaluation -> {
          if (evaluation.slices().isEmpty()) {
            Missing.say(out, "The evaluation has no slices: it was made by an older version.");
          } else {
            write(out, evaluation);
          }
        });
  }

  private static void write(Markup out, Evaluation evaluation) {
    Map<String, List<SliceMetrics>> bySlice = new LinkedHashMap<>();
    IntervalPlot plot = IntervalPlot.empty();
    for (SliceMetrics slice : evaluation.slices()) {
      bySlice.computeIfAbsent(slice.slice(), name -> new ArrayList<>()).add(slice);
      Interval interval = slice.intervals().get("gauc");
      plot = interval == null ? plot : plot.with(interval.low(), interval.high());
    }
    IntervalPlot scale = plot;
    double overall = evaluation.metrics().getOrDefault("gauc", Double.NaN);
    List<String> columns =
        List.of("part", "impressions", "click rate", "GAUC", "95 %", "", "AUC", "95 %", "log loss");
    new Table("Metrics of parts of the test impressions, with 95 % intervals", columns)
        .write(
            out,
            rows ->
                bySlice.forEach(
                    (slice, parts) -> {
                      rows.group(SliceNames.of(slice), columns.size());
                      parts.forEach(
                          part -> rows.row(part.value(), "", cells(part, scale, overall)));
                    }));
    out.element(
        "p",
        "The line in each row is the GAUC’s interval, on one scale; the thin vertical one is the"
            + " GAUC of all impressions. A part with few impressions has a wide interval.",
        "class",
        "note");
  }

  private static List<Markup.Content> cells(SliceMetrics part, IntervalPlot scale, double overall) {
    double impressions = part.metric("impressions");
    Interval gauc = part.intervals().get("gauc");
    return List.of(
        text(Numbers.count(Math.round(impressions))),
        text(Numbers.percent(part.metric("clicks") / impressions)),
        text(Numbers.metric(part.metric("gauc"))),
        text(interval(gauc)),
        cell -> {
          if (gauc != null) {
            scale.write(cell, part.metric("gauc"), gauc.low(), gauc.high(), overall);
          }
        },
        text(Numbers.metric(part.metric("auc"))),
        text(interval(part.intervals().get("auc"))),
        text(Numbers.metric(part.metric("log_loss"))));
  }

  private static Markup.Content text(String text) {
    return cell -> cell.text(text);
  }

  private static String interval(Interval interval) {
    return interval == null
        ? "–"
        : Numbers.metric(interval.low()) + " – " + Numbers.metric(interval.high());
  }
}
