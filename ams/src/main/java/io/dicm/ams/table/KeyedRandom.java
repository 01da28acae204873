package io.dicm.ams.table;

/**
 * Random numbers that depend on a seed and a key alone (SplitMix64: Steele, Lea, Flood, "Fast
 * splittable pseudorandom number generators", 2014), so that the same key gets the same values on
 * every server, in every layout and in any order. Same values on every machine.
 */
public final class KeyedRandom {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  public KeyedRandom(long seed, long key) {
    this.state = mix(mix(seed + GAMMA) ^ key);
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
    state += GAMMA;
    return (mix(state) >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
