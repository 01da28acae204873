package io.dicm.feature.weights;

import com.google.common.hash.Hashing;
import io.dicm.common.key.SplitMix64;
import java.nio.charset.StandardCharsets;

/**
 * Weights drawn at random with the variance 2 / fan-in (He initialization, arXiv 1502.01852,
 * section 2.2, in its uniform form); biases are zero.
 *
 * <p>The generator is {@link SplitMix64} started from seed and tensor name, so that a seed means
 * the same weights on every platform and with every version of libtorch.
 */
public final class RandomWeights implements WeightSource {
  private static final int CHUNK = 1 << 16;
  private static final double UNIT = 0x1.0p-32;

  private final long seed;

  public RandomWeights(long seed) {
    this.seed = seed;
  }

  @Override
  public void read(WeightShape weight, FloatSink sink) {
    if (weight.isBias()) {
      sink.accept(new float[(int) weight.count()], (int) weight.count());
      return;
    }
    double bound = Math.sqrt(6.0 / weight.fanIn());
    float[] chunk = new float[CHUNK];
    long state = firstState(weight.name());
    for (long left = weight.count(); left > 0; left -= CHUNK) {
      int count = (int) Math.min(CHUNK, left);
      for (int i = 0; i < count; i += 2) {
        state += SplitMix64.GAMMA;
        long bits = SplitMix64.mix(state);
        chunk[i] = uniform((int) bits, bound);
        if (i + 1 < count) {
          chunk[i + 1] = uniform((int) (bits >>> 32), bound);
        }
      }
      sink.accept(chunk, count);
    }
  }

  @Override
  public void close() {}

  private long firstState(String name) {
    return SplitMix64.mix(
        seed ^ Hashing.farmHashFingerprint64().hashString(name, StandardCharsets.UTF_8).asLong());
  }

  /** A value in [-bound, bound) from 32 random bits, of which float keeps 24. */
  private static float uniform(int bits, double bound) {
    return (float) ((bits * UNIT) * 2.0 * bound);
  }
}
