package io.dicm.trainer.evaluate;

import java.util.List;
import java.util.Map;

/**
 * The metrics of a part of the impressions.
 *
 * @param slice what the impressions are told apart by: all, item_age, train_exposures, category,
 *     user_activity or image
 * @param value the part, such as {@code 1-5}; of all it is {@code all}
 * @param metrics by name, as {@link Metrics#values}
 * @param intervals of those metrics that have one, by name
 * @param deciles tenths of this part's own impressions, from the lowest probabilities on, empty
 *     ones left out; none in files of earlier versions
 */
public record SliceMetrics(
    String slice,
    String value,
    Map<String, Double> metrics,
    Map<String, Interval> intervals,
    List<Decile> deciles) {
  public SliceMetrics {
    metrics = Map.copyOf(metrics);
    intervals = Map.copyOf(intervals);
    deciles = deciles == null ? List.of() : List.copyOf(deciles);
  }

  /** A metric, or not a number when the impressions do not define it. */
  public double metric(String name) {
    return metrics.getOrDefault(name, Double.NaN);
  }

  /** Whether this is the same part of the impressions as another one's. */
  public boolean isSamePart(SliceMetrics other) {
    return slice.equals(other.slice) && value.equals(other.value);
  }
}
