package io.dicm.trainer.ablation;

import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Replicates;
import io.dicm.trainer.evaluate.SliceMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Evaluations of the runs of a plan: AUC and GAUC of a variant are those of the baseline and a
 * gain, with the same users' noise in all and seeds' noise in each.
 *
 * @param gains variant to gain; others gain nothing
 */
record MadeUpRuns(Map<String, Double> gains) {
  private static final double BASELINE = .6;
  private static final double SEED_NOISE = .001;
  private static final int REPLICATES = 100;
  private static final Map<String, List<String>> SLICES =
      Map.of("train_exposures", List.of("0", "1-5"), "item_age", List.of("0", "1-7"));

  /** All runs of a plan that have metrics. */
  List<EvaluatedRun> of(AblationPlan plan) {
    return plan.runs().stream()
        .filter(run -> run.work().evaluates())
        .map(run -> of(run, "digest"))
        .toList();
  }

  EvaluatedRun of(PlannedRun run, String digest) {
    double gain = gains.getOrDefault(run.variant(), 0.0);
    double value =
        BASELINE + gain + SEED_NOISE * new Random(31L * run.name().hashCode()).nextGaussian();
    List<SliceMetrics> slices = new ArrayList<>(List.of(part("all", "all", value)));
    List<Replicates.Row> rows = new ArrayList<>(rows("all", "all", value, gain));
    SLICES.forEach(
        (slice, parts) ->
            parts.forEach(
                part -> {
                  // What is new gains twice as much.
                  double there = part.equals("0") ? value + gain : value;
                  slices.add(part(slice, part, there));
                  rows.addAll(rows(slice, part, there, gain));
                }));
    return new EvaluatedRun(
        run,
        new Evaluation(slices.get(0).metrics(), Map.of(), slices, List.of(), digest, REPLICATES),
        new Replicates(rows));
  }

  private static SliceMetrics part(String slice, String value, double metric) {
    return new SliceMetrics(
        slice,
        value,
        Map.of("auc", metric, "gauc", metric, "impressions", 900.0),
        Map.of(),
        List.of());
  }

  /** Users' noise is the same in all runs; what a variant gains differs a little by user. */
  private static List<Replicates.Row> rows(String slice, String value, double metric, double gain) {
    Random users = new Random(5);
    double[] replicates = new double[REPLICATES];
    for (int i = 0; i < replicates.length; i++) {
      replicates[i] =
          metric + .05 * users.nextGaussian() + (.0005 + gain * .05) * users.nextGaussian();
    }
    return List.of(
        new Replicates.Row(slice, value, "auc", replicates),
        new Replicates.Row(slice, value, "gauc", replicates));
  }
}
