package io.dicm.common.security;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The secret that the processes of one application share and that every call between them carries.
 * It travels in the containers' credentials only: never in an environment variable, a command line,
 * a configuration file or a log. Immutable and safe for use by many threads.
 */
public final class ApplicationSecret {
  /** The alias under which the secret lies in Hadoop's {@code Credentials}. */
  public static final String CREDENTIALS_ALIAS = "dicm.application.secret";

  private static final int BYTES = 32;

  private final byte[] secret;

  private ApplicationSecret(byte[] secret) {
    if (secret.length < BYTES) {
      throw new IllegalArgumentException(
          "Application secret was " + secret.length + " bytes, needed " + BYTES);
    }
    this.secret = secret.clone();
  }

  /** A new random secret. */
  public static ApplicationSecret generate() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return new ApplicationSecret(bytes);
  }

  /** The secret with these bytes, as {@link #bytes()} gave them. */
  public static ApplicationSecret of(byte[] bytes) {
    return new ApplicationSecret(bytes);
  }

  /** A copy of the secret's bytes, for the credentials. */
  public byte[] bytes() {
    return secret.clone();
  }

  /** The value of a call's {@code dicm-secret} header. */
  public String headerValue() {
    return HexFormat.of().formatHex(secret);
  }

  /** Whether a call's header carries this secret; takes the same time whatever the difference. */
  public boolean matches(String headerValue) {
    if (headerValue == null) {
      return false;
    }
    return MessageDigest.isEqual(
        headerValue().getBytes(java.nio.charset.StandardCharsets.US_ASCII),
        headerValue.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "ApplicationSecret[hidden]";
  }
}
