package io.dicm.trainer.evaluate;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * How two evaluations of the same impressions differ, metric by metric and part by part. The
 * replicates of both drew the same users, so that an interval is that of the difference itself and
 * much narrower than those of the metrics.
 *
 * @param differences first minus second; parts that have other impressions in the two evaluations
 *     (exposures and ages come from the samples of each) are left out
 */
public record EvaluationComparison(List<MetricDifference> differences) {
  public EvaluationComparison {
    differences = List.copyOf(differences);
  }

  /**
   * Compares the evaluations of two metrics partitions.
   *
   * @throws DicmException {@link ErrorCode#INPUT_MISSING} when one has no evaluation; {@link
   *     ErrorCode#INPUT_INVALID} when they are not of the same impressions
   */
  public static EvaluationComparison read(Configuration conf, Path first, Path second)
      throws IOException {
    Evaluation firstEvaluation = Evaluation.read(conf, first);
    Evaluation secondEvaluation = Evaluation.read(conf, second);
    if (!firstEvaluation.impressionsDigest().equals(secondEvaluation.impressionsDigest())) {
      throw new DicmException(
          ErrorCode.INPUT_INVALID,
          "Cannot compare "
              + first
              + " with "
              + second
              + ": they are not of the same impressions and labels, their digests are "
              + firstEvaluation.impressionsDigest()
              + " and "
              + secondEvaluation.impressionsDigest()
              + ". Predict the same test samples with both models.");
    }
    return of(
        firstEvaluation,
        Replicates.read(conf, first),
        secondEvaluation,
        Replicates.read(conf, second));
  }

  static EvaluationComparison of(
      Evaluation first,
      Replicates firstReplicates,
      Evaluation second,
      Replicates secondReplicates) {
    List<MetricDifference> differences = new ArrayList<>();
    for (SliceMetrics part : first.slices()) {
      SliceMetrics other = second.slice(part.slice(), part.value()).orElse(null);
      if (other == null || part.metric("impressions") != other.metric("impressions")) {
        continue;
      }
      for (String metric : Metrics.QUALITY) {
        if (part.metrics().containsKey(metric) && other.metrics().containsKey(metric)) {
          differences.add(
              difference(
                  part,
                  other,
                  metric,
                  interval(part, metric, firstReplicates, secondReplicates).orElse(null)));
        }
      }
    }
    return new EvaluationComparison(differences);
  }

  /** The differences of one part, in the metrics' order. */
  public List<MetricDifference> of(String slice, String value) {
    return differences.stream()
        .filter(difference -> difference.slice().equals(slice) && difference.value().equals(value))
        .toList();
  }

  private static MetricDifference difference(
      SliceMetrics part, SliceMetrics other, String metric, Interval interval) {
    double first = part.metric(metric);
    double second = other.metric(metric);
    return new MetricDifference(
        part.slice(), part.value(), metric, first, second, first - second, interval);
  }

  /** Of the replicates that both have. */
  private static Optional<Interval> interval(
      SliceMetrics part, String metric, Replicates first, Replicates second) {
    Optional<double[]> ours = first.of(part.slice(), part.value(), metric);
    Optional<double[]> theirs = second.of(part.slice(), part.value(), metric);
    if (ours.isEmpty() || theirs.isEmpty()) {
      return Optional.empty();
    }
    double[] differences = new double[Math.min(ours.get().length, theirs.get().length)];
    for (int r = 0; r < differences.length; r++) {
      differences[r] = ours.get()[r] - theirs.get()[r];
    }
    return BootstrapInterval.of(differences);
  }
}
