package io.dicm.trainer.reference;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.network.DenseLayout;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The values before the first step, by the documented rules: everything from the seed and a name or
 * a key alone, rounded to single precision.
 *
 * @param seed of the training
 */
record ReferenceInitialValues(long seed) {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final float ID_BOUND = 0.05f;
  private static final double SLOPE = 0.25;

  /** SplitMix64 that starts from seed and key. */
  private final class Stream {
    private long state;

    private Stream(long key) {
      state = mix(mix(seed + GAMMA) ^ key);
    }

    /** In [0, 1). */
    private double next() {
      state += GAMMA;
      return (mix(state) >>> 11) / 0x1.0p53;
    }
  }

  private static long mix(long z) {
    long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
    return b ^ (b >>> 31);
  }

  /** An ID embedding: uniform in +-0.05. */
  double[] embedding(long key, int dimension) {
    Stream stream = new Stream(key);
    double[] values = new double[dimension];
    Arrays.setAll(values, d -> (float) ((2 * stream.next() - 1) * ID_BOUND));
    return values;
  }

  /**
   * The tensors of a sub-model's network: weights normal with deviation 1/4, 1/sqrt(256) and
   * 0.5/sqrt(64), biases 0, slopes 0.25.
   */
  void addNetwork(ReferenceParameters parameters, String network, int vectorDimension) {
    int[] widths = {vectorDimension, 256, 64, 12};
    double[] deviations = {1 / 4.0, 1 / Math.sqrt(256), 0.5 / Math.sqrt(64)};
    for (int layer = 1; layer <= 3; layer++) {
      String weight = "fc" + layer + ".weight";
      parameters.put(
          network + "." + weight,
          normal(
              Fingerprints.idKey(network, weight),
              widths[layer - 1] * widths[layer],
              (float) deviations[layer - 1]));
      parameters.put(network + ".fc" + layer + ".bias", new double[widths[layer]]);
      if (layer < 3) {
        parameters.put(network + ".prelu" + layer + ".weight", new double[] {SLOPE});
      }
    }
  }

  /** Box and Muller's transform, one value of each pair of uniform ones. */
  private double[] normal(long key, int count, double deviation) {
    Stream stream = new Stream(key);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - stream.next()));
      values[i] = (float) (deviation * radius * StrictMath.cos(2 * Math.PI * stream.next()));
    }
    return values;
  }

  /** A worker's network: uniform in +-1/sqrt(layer inputs), slopes 0.25, in the layout's order. */
  void addDense(ReferenceParameters parameters, DenseLayout layout) {
    SplittableRandom random = new SplittableRandom(seed);
    double bound = 0;
    for (DenseLayout.Entry entry : layout.entries()) {
      double[] values = new double[entry.count()];
      if (entry.name().endsWith(".slope")) {
        Arrays.fill(values, SLOPE);
      } else {
        // A layer's weight comes before its bias.
        bound = entry.shape().length == 2 ? 1 / Math.sqrt((double) entry.shape()[1]) : bound;
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
      }
      parameters.put(entry.name(), values);
    }
  }
}
