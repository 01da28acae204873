package io.dicm.trainer.report;

import io.dicm.trainer.evaluate.Decile;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.SliceMetrics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Predictions against click rates, by tenths of the impressions and of those of each part. */
final class CalibrationSection implements Section {
  private static final int DECILES = 10;

  @Override
  public String id() {
    return "calibration";
  }

  @Override
  public String title() {
    return "Calibration";
  }

  @Override
  public void write(Markup out, RunReport report) {
    Missing.or(
        out,
        report.evaluation(),
        evaluation -> {
          if (evaluation.deciles().isEmpty()) {
            Missing.say(out, "The evaluation has no deciles: it was made by an older version.");
          } else {
            write(out, evaluation);
            writeParts(out, evaluation);
          }
        });
  }

  private static void write(Markup out, Evaluation evaluation) {
    List<Decile> deciles = evaluation.deciles();
    out.element(
        "div",
        charts -> {
          TrainingSection.figure(
              charts,
              new Chart(
                  "deciles",
                  "Click rate by mean prediction, a point a decile",
                  "mean prediction",
                  "click rate",
                  List.of(
                      new Chart.Series(
                          "",
                          "s1",
                          deciles.stream().mapToDouble(Decile::meanProbability).toArray(),
                          deciles.stream().mapToDouble(Decile::clickRate).toArray(),
                          true)),
                  List.of(),
                  true),
              "Each point is a tenth of the test impressions by prediction. On the diagonal the"
                  + " click rate is what was predicted; above it the model says too little.");
          charts.element("div", table -> table(table, deciles));
        },
        "class",
        "charts");
  }

  private static void table(Markup out, List<Decile> deciles) {
    new Table("Deciles", List.of("decile", "impressions", "mean prediction", "click rate", "ratio"))
        .write(
            out,
            rows ->
                deciles.forEach(
                    one ->
                        rows.row(
                            Integer.toString(one.decile()),
                            List.of(
                                Numbers.count(one.impressions()),
                                Numbers.metric(one.meanProbability()),
                                Numbers.metric(one.clickRate()),
                                ratio(one)))));
  }

  private static void writeParts(Markup out, Evaluation evaluation) {
    Map<String, List<SliceMetrics>> bySlice = new LinkedHashMap<>();
    for (SliceMetrics part : evaluation.slices()) {
      if (!part.deciles().isEmpty()) {
        bySlice.computeIfAbsent(part.slice(), name -> new ArrayList<>()).add(part);
      }
    }
    if (bySlice.isEmpty()) {
      return;
    }
    List<String> columns = new ArrayList<>(List.of("part"));
    for (int decile = 1; decile <= DECILES; decile++) {
      columns.add(Integer.toString(decile));
    }
    new Table("Mean prediction divided by click rate, by decile of each part", columns)
        .write(
            out,
            rows ->
                bySlice.forEach(
                    (slice, parts) -> {
                      rows.group(SliceNames.of(slice), columns.size());
                      parts.forEach(part -> rows.row(part.value(), ratios(part)));
                    }));
    out.element(
        "p",
        "A part’s deciles are tenths of its own impressions by prediction. Where all predictions"
            + " are right on average the ratio is 1; above it the model promises too much, most of"
            + " all where nothing was clicked (∞). A dash is a tenth without impressions.",
        "class",
        "note");
  }

  /** One a decile, those without impressions a dash. */
  private static List<String> ratios(SliceMetrics part) {
    List<String> ratios = new ArrayList<>(Collections.nCopies(DECILES, Numbers.weight(Double.NaN)));
    part.deciles().forEach(one -> ratios.set(one.decile() - 1, ratio(one)));
    return ratios;
  }

  private static String ratio(Decile decile) {
    return decile.clickRate() == 0
        ? "∞"
        : Numbers.weight(decile.meanProbability() / decile.clickRate());
  }
}
