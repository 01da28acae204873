package io.dicm.common.key;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;

/**
 * The two 64-bit keys by which everything is addressed: image keys and ID-feature keys.
 *
 * <p>Both are FarmHash fingerprints, whose values are fixed for all time and platforms. The value 0
 * is kept free to mean "none".
 */
public final class Fingerprints {
  /** The key of "no image" or "no feature value". */
  public static final long NONE = 0L;

  private Fingerprints() {}

  /** The key of an image, by its image_id. Never {@link #NONE}. */
  public static long imageKey(String imageId) {
    return nonZero(
        Hashing.farmHashFingerprint64().hashString(imageId, StandardCharsets.UTF_8).asLong());
  }

  /**
   * The key of one value of one ID feature. Field names are part of it, so that equal values of two
   * fields get embeddings of their own. Never {@link #NONE}.
   */
  public static long idKey(String field, String value) {
    return nonZero(
        Hashing.farmHashFingerprint64()
            .newHasher()
            .putString(field, StandardCharsets.UTF_8)
            .putByte((byte) 0)
            .putString(value, StandardCharsets.UTF_8)
            .hash()
            .asLong());
  }

  private static long nonZero(long hash) {
    return hash == NONE ? 1L : hash;
  }
}
