package io.dicm.feature.job;

import io.dicm.common.fs.FileDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * A digest of entries that does not depend on their order: file systems list in different ones, and
 * millions of names cannot be sorted in memory. The SHA-256 of each entry is added up, in four
 * lanes of 64 bits; entries come from file names, not from somebody who searches for collisions.
 * Not safe for use by many threads.
 */
final class MultisetDigest {
  private static final int LANES = 4;

  private final MessageDigest sha256 = FileDigest.newSha256();
  private final long[] sums = new long[LANES];
  private long entries;

  void add(byte[] entry) {
    ByteBuffer hash = ByteBuffer.wrap(sha256.digest(entry));
    for (int lane = 0; lane < LANES; lane++) {
      sums[lane] += hash.getLong();
    }
    entries++;
  }

  /** SHA-256, in hexadecimal, of the entries and of a text. */
  String with(String text) {
    ByteBuffer state = ByteBuffer.allocate((LANES + 1) * Long.BYTES);
    for (long sum : sums) {
      state.putLong(sum);
    }
    state.putLong(entries).flip();
    sha256.update(state);
    return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
