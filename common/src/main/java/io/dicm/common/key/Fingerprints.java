package io.dicm.common.key;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The 64-bit keys by which everything is addressed: image keys, ID-feature keys and those of pairs
 * of the latter.
 *
 * <p>All are FarmHash fingerprints, whose values are fixed for all time and platforms. The value 0
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

  /**
   * Names a pair of features for {@link #crossKey}; their order counts. Never {@link #NONE}.
   *
   * @param first the first one's name, such as {@code age} or {@code behavior:category}
   * @param second the second one's
   */
  public static long pairKey(String first, String second) {
    return idKey(first, second);
  }

  /**
   * The key of one value of each feature of a pair: the fingerprint of the three numbers'
   * little-endian bytes. Never {@link #NONE}.
   *
   * @param pairKey the pair's, by {@link #pairKey}
   * @param first {@link #idKey} of the first feature's value
   * @param second that of the second feature's
   */
  public static long crossKey(long pairKey, long first, long second) {
    byte[] bytes =
        ByteBuffer.allocate(3 * Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(pairKey)
            .putLong(first)
            .putLong(second)
            .array();
    return nonZero(Hashing.farmHashFingerprint64().hashBytes(bytes).asLong());
  }

  private static long nonZero(long hash) {
    return hash == NONE ? 1L : hash;
  }
}
