package io.dicm.trainer.ablation;

import java.util.Map;

/**
 * What a variant gains over the baseline in one slice.
 *
 * @param variant its name
 * @param title for people
 * @param kind what it is there for
 * @param gains metric to the mean paired difference; without those that are not defined there
 */
public record SliceGain(String variant, String title, RowKind kind, Map<String, Estimate> gains) {
  public SliceGain {
    gains = Map.copyOf(gains);
  }
}
