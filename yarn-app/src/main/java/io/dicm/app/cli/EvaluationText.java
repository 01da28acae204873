package io.dicm.app.cli;

import io.dicm.trainer.evaluate.Decile;
import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.EvaluationComparison;
import io.dicm.trainer.evaluate.Interval;
import io.dicm.trainer.evaluate.MetricDifference;
import io.dicm.trainer.evaluate.Metrics;
import io.dicm.trainer.evaluate.SliceMetrics;
import java.util.List;
import java.util.Locale;

/** Evaluations and their comparisons as tables for people. */
final class EvaluationText {
  private static final List<String> SLICE_METRICS = List.of("auc", "gauc", "log_loss");
  private static final int WIDEST_VALUE = 24;

  /** Metrics with their intervals, then slices, then deciles. */
  String of(Evaluation evaluation) {
    StringBuilder text = new StringBuilder();
    text.append(format("%n%-20s %10s  %s%n", "metric", "value", "95 % interval"));
    for (String metric : Metrics.QUALITY) {
      text.append(
          format(
              "%-20s %10s  %s%n",
              metric,
              number(evaluation.metric(metric)),
              interval(evaluation.intervals().get(metric))));
    }
    text.append(format("%n%-16s %-24s %12s %10s", "slice", "value", "impressions", "clicks"));
    for (String metric : SLICE_METRICS) {
      text.append(format("  %-8s %-18s", metric, "95 % interval"));
    }
    text.append(format("%n"));
    evaluation.slices().forEach(part -> text.append(line(part)));
    text.append(
        format(
            "%n%-8s %12s %18s %12s%n", "decile", "impressions", "mean probability", "click rate"));
    for (Decile decile : evaluation.deciles()) {
      text.append(
          format(
              "%-8d %12d %18.4f %12.4f%n",
              decile.decile(), decile.impressions(), decile.meanProbability(), decile.clickRate()));
    }
    return text.toString();
  }

  /** Differences with their intervals, those that exclude 0 marked. */
  String of(EvaluationComparison comparison, String first, String second) {
    StringBuilder text = new StringBuilder();
    text.append(format("%s minus %s; * where the 95 %% interval excludes 0%n%n", first, second));
    text.append(
        format(
            "%-16s %-24s %-20s %10s %10s %11s  %s%n",
            "slice", "value", "metric", first(first), first(second), "difference", "interval"));
    for (MetricDifference one : comparison.differences()) {
      text.append(
          format(
              "%-16s %-24s %-20s %10s %10s %11s  %s%s%n",
              one.slice(),
              cut(one.value()),
              one.metric(),
              number(one.first()),
              number(one.second()),
              format("%+.4f", one.difference()),
              signed(one.interval()),
              one.interval() != null && one.interval().excludesZero() ? " *" : ""));
    }
    return text.toString();
  }

  private static String line(SliceMetrics part) {
    StringBuilder line = new StringBuilder();
    line.append(
        format(
            "%-16s %-24s %12.0f %10.0f",
            part.slice(), cut(part.value()), part.metric("impressions"), part.metric("clicks")));
    for (String metric : SLICE_METRICS) {
      line.append(
          format(
              "  %-8s %-18s", number(part.metric(metric)), interval(part.intervals().get(metric))));
    }
    return line.toString().stripTrailing() + format("%n");
  }

  private static String number(double value) {
    return Double.isFinite(value) ? format("%.4f", value) : "-";
  }

  private static String interval(Interval interval) {
    return interval == null ? "" : format("[%.4f, %.4f]", interval.low(), interval.high());
  }

  private static String signed(Interval interval) {
    return interval == null ? "" : format("[%+.4f, %+.4f]", interval.low(), interval.high());
  }

  /** Of a run's name what fits above a column. */
  private static String first(String run) {
    return run.length() <= 10 ? run : run.substring(0, 10);
  }

  private static String cut(String value) {
    return value.length() <= WIDEST_VALUE ? value : value.substring(0, WIDEST_VALUE - 1) + "~";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
