package io.dicm.trainer.reference;

import io.dicm.feature.store.FeatureSnapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/**
 * The feature store's vectors as the sub-model gets them: clip((x - mean) / deviation, -5, 5) * 4 /
 * sqrt(dimensions that vary).
 */
final class ReferenceVectors {
  private static final double CLIP = 5;
  private static final double TYPICAL_LENGTH = 4;

  private final Map<Long, double[]> byKey = new HashMap<>();
  private final int dimension;

  ReferenceVectors(FeatureSnapshot snapshot) {
    this.dimension = snapshot.dimension();
    float[] mean = snapshot.mean();
    float[] deviation = snapshot.standardDeviation();
    int varying = 0;
    for (float one : deviation) {
      varying += one > 0 ? 1 : 0;
    }
    double factor = TYPICAL_LENGTH / Math.sqrt(varying);
    try {
      snapshot.scan(
          bucket -> true,
          image -> byKey.put(image.imageKey(), scaled(image.feature(), mean, deviation, factor)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] scaled(float[] vector, float[] mean, float[] deviation, double factor) {
    double[] scaled = new double[vector.length];
    for (int d = 0; d < scaled.length; d++) {
      double standardized = deviation[d] > 0 ? ((double) vector[d] - mean[d]) / deviation[d] : 0;
      scaled[d] = Math.max(-CLIP, Math.min(CLIP, standardized)) * factor;
    }
    return scaled;
  }

  /** An image's vector; zeros when the store does not have it. */
  double[] scaled(long imageKey) {
    return byKey.getOrDefault(imageKey, new double[dimension]);
  }
}
