package io.dicm.common.key;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 by itself, for programs that have no Hadoop. */
public final class Sha256 {
  private Sha256() {}

  /** A new digest of nothing yet. */
  public static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
