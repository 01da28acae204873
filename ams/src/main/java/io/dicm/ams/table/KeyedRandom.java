package io.dicm.ams.table;

import io.dicm.common.key.SplitMix64;

/**
 * Random numbers that depend on a seed and a key alone ({@link SplitMix64}), so that the same key
 * gets the same values on every server, in every layout and in any order. Same values on every
 * machine.
 */
public final class KeyedRandom {
  private long state;

  public KeyedRandom(long seed, long key) {
    this.state = SplitMix64.mix(SplitMix64.mix(seed + SplitMix64.GAMMA) ^ key);
  }

  /** Uniform in [-bound, bound). */
  public float nextUniform(float bound) {
    return (float) ((2 * nextFraction() - 1) * bound);
  }

  /** Normal with mean 0 (Box and Muller's transform, one of its two values). */
  public float nextNormal(float deviation) {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextFraction()));
    return (float) (deviation * radius * StrictMath.cos(2 * Math.PI * nextFraction()));
  }

  /** Uniform in [0, 1). */
  private double nextFraction() {
    state += SplitMix64.GAMMA;
    return (SplitMix64.mix(state) >>> 11) * 0x1.0p-53;
  }
}
