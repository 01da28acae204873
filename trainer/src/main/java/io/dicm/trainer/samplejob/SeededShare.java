package io.dicm.trainer.samplejob;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.dicm.common.key.SplitMix64;
import java.nio.charset.StandardCharsets;

/**
 * A share of all names, chosen by a hash of seed and name: the same on every machine, in every
 * task, for all time, and whatever else there is.
 *
 * @param seed another one chooses others
 * @param purpose keeps choices of one seed apart
 * @param fraction 0 for none, 1 for all
 */
record SeededShare(long seed, String purpose, double fraction) {
  /** 53 random bits fill a double between 0 and 1. */
  private static final int UNUSED_BITS = 11;

  private static final double UNIT = 0x1p-53;

  SeededShare {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("Fraction was " + fraction + ", allowed 0 to 1");
    }
  }

  /** Whether the name of these parts is chosen. */
  boolean contains(String... parts) {
    if (fraction == 0 || fraction == 1) {
      return fraction == 1;
    }
    Hasher hasher = Hashing.farmHashFingerprint64().newHasher();
    hasher.putString(purpose, StandardCharsets.UTF_8);
    for (String part : parts) {
      hasher.putByte((byte) 0).putString(part, StandardCharsets.UTF_8);
    }
    long bits = SplitMix64.mix(hasher.hash().asLong() ^ SplitMix64.mix(seed + SplitMix64.GAMMA));
    return (bits >>> UNUSED_BITS) * UNIT < fraction;
  }
}
