package io.dicm.trainer.ablation;

import io.dicm.trainer.evaluate.Evaluation;
import io.dicm.trainer.evaluate.Replicates;
import io.dicm.trainer.evaluate.SliceMetrics;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A run and what its evaluation found.
 *
 * @param run with a work that evaluates
 * @param evaluation of its metrics partition
 * @param replicates beside it
 */
record EvaluatedRun(PlannedRun run, Evaluation evaluation, Replicates replicates) {
  /** Reads a run's metrics partition. */
  static EvaluatedRun read(Configuration conf, PlannedRun run, Path metrics) throws IOException {
    return new EvaluatedRun(run, Evaluation.read(conf, metrics), Replicates.read(conf, metrics));
  }

  /** Impressions of a part, 0 when there are none. */
  long impressions(String slice, String value) {
    return evaluation.slice(slice, value).map(part -> (long) part.metric("impressions")).orElse(0L);
  }

  /** A metric of a part; nothing where it is not defined. */
  Optional<SeedValue> metric(String slice, String value, String metric) {
    Optional<SliceMetrics> part = evaluation.slice(slice, value);
    Optional<double[]> samples = replicates.of(slice, value, metric);
    if (part.isEmpty() || samples.isEmpty() || Double.isNaN(part.get().metric(metric))) {
      return Optional.empty();
    }
    return Optional.of(new SeedValue(part.get().metric(metric), samples.get()));
  }

  /** This run's metric less another's, by the same users; nothing where either is not defined. */
  Optional<SeedValue> gainOver(EvaluatedRun other, String slice, String value, String metric) {
    Optional<SeedValue> ours = metric(slice, value, metric);
    Optional<SeedValue> theirs = other.metric(slice, value, metric);
    if (ours.isEmpty()
        || theirs.isEmpty()
        || impressions(slice, value) != other.impressions(slice, value)) {
      return Optional.empty();
    }
    double[] a = ours.get().replicates();
    double[] b = theirs.get().replicates();
    double[] differences = new double[Math.min(a.length, b.length)];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = a[i] - b[i];
    }
    return Optional.of(new SeedValue(ours.get().value() - theirs.get().value(), differences));
  }
}
