package io.dicm.trainer.ablation;

import java.util.List;
import java.util.Map;

/**
 * A part of the test impressions.
 *
 * @param value of the slice, such as {@code 1-5}
 * @param impressions in it
 * @param baseline metric to the baseline's mean there; without those that are not defined
 * @param gains of the other variants over it
 */
public record SliceRow(
    String value, long impressions, Map<String, Estimate> baseline, List<SliceGain> gains) {
  public SliceRow {
    baseline = Map.copyOf(baseline);
    gains = List.copyOf(gains);
  }
}
