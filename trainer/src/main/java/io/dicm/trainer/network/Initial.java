package io.dicm.trainer.network;

import java.util.SplittableRandom;

/** How a parameter begins. */
public sealed interface Initial {
  /** Fills {@code values[offset, offset + count)}. */
  void fill(float[] values, int offset, int count, SplittableRandom random);

  /**
   * Uniform between -bound and bound. With bound 1/sqrt(inputs) this is the Kaiming uniform
   * distribution with slope sqrt(5) that PyTorch gives linear layers, biases as well.
   */
  record Uniform(double bound) implements Initial {
    @Override
    public void fill(float[] values, int offset, int count, SplittableRandom random) {
      for (int i = offset; i < offset + count; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
      }
    }
  }

  /** One value everywhere. */
  record Constant(float value) implements Initial {
    @Override
    public void fill(float[] values, int offset, int count, SplittableRandom random) {
      java.util.Arrays.fill(values, offset, offset + count, value);
    }
  }
}
