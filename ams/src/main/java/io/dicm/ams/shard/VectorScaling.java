package io.dicm.ams.shard;

import io.dicm.feature.store.FeatureSnapshot;

/**
 * Makes the feature store's vectors fit for training: {@code clip((x - mean) / deviation, -5, 5) *
 * factor} in each dimension, and 0 in dimensions that never vary. Without centring, the vectors of
 * an untrained VGG16 all point the same way (mean cosine 0.93) and nothing is learned from them.
 *
 * <p>The factor is {@value #TYPICAL_LENGTH} / sqrt(dimensions that vary): a vector whose values all
 * lie one standard deviation off is {@value #TYPICAL_LENGTH} long, whatever the extractor's
 * dimension. So the first layer's initial weights and Adam's step fit all extractors.
 *
 * @param mean per dimension
 * @param inverseDeviation 1 / standard deviation, 0 where a dimension never varies
 * @param factor the common factor
 */
public record VectorScaling(float[] mean, float[] inverseDeviation, float factor) {
  /** The length of a vector that is one standard deviation off in every dimension. */
  public static final float TYPICAL_LENGTH = 4f;

  /** Standardised values are cut off here. */
  public static final float CLIP = 5f;

  /** Deviations below this fraction of the mean are rounding errors of a constant. */
  private static final float CONSTANT_BELOW = 1e-6f;

  /** The scaling by a snapshot's statistics. */
  public static VectorScaling of(FeatureSnapshot snapshot) {
    float[] mean = snapshot.mean();
    float[] deviation = snapshot.standardDeviation();
    float[] inverse = new float[mean.length];
    int varying = 0;
    for (int i = 0; i < mean.length; i++) {
      if (deviation[i] > CONSTANT_BELOW * Math.abs(mean[i])) {
        inverse[i] = 1 / deviation[i];
        varying++;
      }
    }
    return new VectorScaling(mean, inverse, factor(varying));
  }

  /** The common factor of vectors with so many dimensions that vary. */
  static float factor(int varying) {
    return (float) (TYPICAL_LENGTH / Math.sqrt(Math.max(1, varying)));
  }

  /** Scales a vector in place. */
  public void apply(float[] vector) {
    for (int i = 0; i < vector.length; i++) {
      float standardized = (vector[i] - mean[i]) * inverseDeviation[i];
      vector[i] = Math.max(-CLIP, Math.min(CLIP, standardized)) * factor;
    }
  }
}
