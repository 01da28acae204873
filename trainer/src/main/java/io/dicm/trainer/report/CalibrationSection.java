package io.dicm.trainer.report;

import io.dicm.trainer.evaluate.Decile;
import io.dicm.trainer.evaluate.Evaluation;
import java.util.List;

/** Predictions against click rates, by tenths of the impressions. */
final class CalibrationSection implements Section {
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
                                Numbers.weight(one.meanProbability() / one.clickRate())))));
  }
}
