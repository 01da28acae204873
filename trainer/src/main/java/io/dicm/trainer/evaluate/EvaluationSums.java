package io.dicm.trainer.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Puts the reducers' sums together and makes the evaluation of them. For one thread. */
final class EvaluationSums {
  private final SliceParts parts;
  private final PartSums[] sums;
  private final DecileSums[] deciles;

  /**
   * @param columns of the sums: 1 and the replicates
   */
  EvaluationSums(SliceParts parts, int columns) {
    this.parts = parts;
    this.sums = new PartSums[parts.count()];
    this.deciles = new DecileSums[parts.count()];
    for (int part = 0; part < sums.length; part++) {
      sums[part] = new PartSums(columns);
      deciles[part] = new DecileSums(0, 0);
    }
  }

  /**
   * Adds a row of a reducer's output, those of reducers with higher scores later.
   *
   * @param key a part's number, or {@link MetricReducer#decilesKey} of it
   */
  void add(int key, DoubleRows rows) {
    if (key < 0) {
      deciles[MetricReducer.partOfDeciles(key)].add(rows);
    } else {
      sums[key].append(new PartSums(rows));
    }
  }

  /** Of all impressions. */
  Metrics metrics() {
    return sums[0].metrics(0);
  }

  Evaluation evaluation(String impressionsDigest, Replicates replicates) {
    List<SliceMetrics> slices = new ArrayList<>();
    for (int part = 0; part < sums.length; part++) {
      Metrics metrics = sums[part].metrics(0);
      if (metrics.impressions() > 0) {
        slices.add(sliceMetrics(part, metrics, replicates));
      }
    }
    SliceMetrics all = slices.get(0);
    return new Evaluation(
        all.metrics(),
        all.intervals(),
        slices,
        all.deciles(),
        impressionsDigest,
        sums[0].columns() - 1);
  }

  /** Of all parts that have impressions; none without replicates. */
  Replicates replicates() {
    List<Replicates.Row> rows = new ArrayList<>();
    for (int part = 0; part < sums.length; part++) {
      if (sums[part].columns() > 1 && sums[part].metrics(0).impressions() > 0) {
        rows.addAll(replicates(parts.part(part), sums[part]));
      }
    }
    return new Replicates(rows);
  }

  private static List<Replicates.Row> replicates(SliceParts.Part part, PartSums sums) {
    Map<String, double[]> values = new HashMap<>();
    int replicates = sums.columns() - 1;
    for (int r = 0; r < replicates; r++) {
      Map<String, Double> metrics = sums.metrics(r + 1).values();
      for (String metric : Metrics.QUALITY) {
        values.computeIfAbsent(metric, unused -> new double[replicates])[r] =
            metrics.getOrDefault(metric, Double.NaN);
      }
    }
    return Metrics.QUALITY.stream()
        .map(
            metric ->
                new Replicates.Row(part.slice().label(), part.value(), metric, values.get(metric)))
        .toList();
  }

  private SliceMetrics sliceMetrics(int number, Metrics metrics, Replicates replicates) {
    SliceParts.Part part = parts.part(number);
    String slice = part.slice().label();
    Map<String, Double> values = metrics.values();
    Map<String, Interval> intervals = new HashMap<>();
    for (String metric : Metrics.QUALITY) {
      Optional<Interval> interval =
          replicates.of(slice, part.value(), metric).flatMap(BootstrapInterval::of);
      if (values.containsKey(metric) && interval.isPresent()) {
        intervals.put(metric, interval.get());
      }
    }
    return new SliceMetrics(slice, part.value(), values, intervals, deciles[number].deciles());
  }
}
