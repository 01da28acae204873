package io.dicm.ams.shard;

import io.dicm.ams.shard.FeatureShard.ImageName;
import io.dicm.ams.table.KeyedRandom;
import java.util.SplittableRandom;

/**
 * What a shard does to its vectors while it loads them, so that a training shows what pictures are
 * worth: whatever it gains from shuffled vectors it does not gain from pictures, and what planted
 * ones carry it has to find. Nothing after the shard knows of it. Immutable and safe for use by
 * many threads.
 */
public sealed interface VectorControl {
  /** Which one it is. */
  ImageControl kind();

  /** Changes an image's scaled vector in place. */
  default void change(long imageKey, float[] vector) {}

  /** Changes which image each row belongs to. */
  default void arrange(ImageName[] imageOfRow) {}

  /** Bytes of the Java heap that it takes. */
  default long heapBytes() {
    return 0;
  }

  /** Leaves everything as it is. */
  record None() implements VectorControl {
    @Override
    public ImageControl kind() {
      return ImageControl.NONE;
    }
  }

  /**
   * Gives every image of the shard the vector of another one, in one cycle through all of them
   * (Sattolo's algorithm), so that no image keeps its own unless it is the only one. Instead of the
   * vectors, which may be many gigabytes, the images change places.
   *
   * @param seed of the cycle; which it is depends on the shard's images too
   */
  record Shuffled(long seed) implements VectorControl {
    @Override
    public ImageControl kind() {
      return ImageControl.SHUFFLED;
    }

    @Override
    public void arrange(ImageName[] imageOfRow) {
      SplittableRandom random = new SplittableRandom(seed);
      for (int i = imageOfRow.length - 1; i > 0; i--) {
        int other = random.nextInt(i);
        ImageName image = imageOfRow[i];
        imageOfRow[i] = imageOfRow[other];
        imageOfRow[other] = image;
      }
    }
  }

  /**
   * Replaces vectors by {@code factor * (sqrt(1/2) s u + sqrt(1/2) n)}: s is the image's signal, u
   * a direction of values +1 and -1 that all images share, n noise of deviation 1 by image key,
   * uniform since that is quickly made. With signals of deviation 1 each value then has the
   * deviation that {@link VectorScaling} gives to real ones, and is cut off where it cuts those
   * off; half of a vector is signal.
   *
   * @param seed of direction and noise
   * @param signals by image
   */
  record Planted(long seed, ImageSignals signals) implements VectorControl {
    /** Image keys are never 0. */
    private static final long DIRECTION = 0;

    private static final float SHARE = (float) Math.sqrt(0.5);

    /** A uniform distribution in +- this has deviation 1. */
    private static final float NOISE_BOUND = (float) Math.sqrt(3);

    @Override
    public ImageControl kind() {
      return ImageControl.PLANTED;
    }

    @Override
    public void change(long imageKey, float[] vector) {
      float factor = VectorScaling.factor(vector.length);
      float signal = signals.of(imageKey);
      KeyedRandom direction = new KeyedRandom(seed, DIRECTION);
      KeyedRandom noise = new KeyedRandom(seed, imageKey);
      for (int d = 0; d < vector.length; d++) {
        float carried = direction.nextUniform(1) < 0 ? -signal : signal;
        float value = SHARE * (carried + noise.nextUniform(NOISE_BOUND));
        vector[d] = Math.max(-VectorScaling.CLIP, Math.min(VectorScaling.CLIP, value)) * factor;
      }
    }

    @Override
    public long heapBytes() {
      return signals.heapBytes();
    }
  }
}
