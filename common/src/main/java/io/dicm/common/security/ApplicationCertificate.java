package io.dicm.common.security;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/**
 * The certificate and private key that the processes of one application know each other by when
 * their connections are encrypted: each shows it and trusts no other. It is made anew for each
 * application ({@link CertificateMaker}) and travels in the containers' credentials only, as the
 * secret does. Immutable and safe for use by many threads.
 */
public final class ApplicationCertificate {
  /** The alias under which the certificate lies in Hadoop's {@code Credentials}. */
  public static final String CERTIFICATE_ALIAS = "dicm.application.certificate";

  /** The alias under which the private key lies in Hadoop's {@code Credentials}. */
  public static final String KEY_ALIAS = "dicm.application.key";

  /** The name that the certificate is for, whatever host a process runs on. */
  public static final String NAME = "dicm-application";

  static final String KEY_ALGORITHM = "EC";

  private final byte[] encodedCertificate;
  private final byte[] encodedKey;
  private final X509Certificate certificate;
  private final PrivateKey key;

  private ApplicationCertificate(byte[] encodedCertificate, byte[] encodedKey)
      throws GeneralSecurityException {
    this.encodedCertificate = encodedCertificate.clone();
    this.encodedKey = encodedKey.clone();
    this.certificate =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(encodedCertificate));
    this.key =
        KeyFactory.getInstance(KEY_ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(encodedKey));
  }

  /**
   * Reads what {@link #encodedCertificate} and {@link #encodedKey} gave.
   *
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} when it is something else
   */
  public static ApplicationCertificate of(byte[] encodedCertificate, byte[] encodedKey) {
    try {
      return new ApplicationCertificate(encodedCertificate, encodedKey);
    } catch (GeneralSecurityException e) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot read the application's certificate: " + e.getMessage() + ".",
          e);
    }
  }

  /** Makes a new one with the tools of this Java installation. */
  public static ApplicationCertificate generate() throws IOException {
    return new CertificateMaker().make();
  }

  /** The certificate, signed by its own key. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** The certificate's private key. */
  public PrivateKey key() {
    return key;
  }

  /** The certificate in DER, for the credentials. */
  public byte[] encodedCertificate() {
    return encodedCertificate.clone();
  }

  /** The private key in PKCS #8, for the credentials. */
  public byte[] encodedKey() {
    return encodedKey.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApplicationCertificate that
        && Arrays.equals(encodedCertificate, that.encodedCertificate);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(encodedCertificate);
  }

  @Override
  public String toString() {
    return "ApplicationCertificate[hidden]";
  }
}
