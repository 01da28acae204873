package io.dicm.app.launch;

import io.dicm.common.security.ApplicationCertificate;
import io.dicm.common.security.ApplicationSecret;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.io.DataOutputBuffer;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;
import org.apache.hadoop.yarn.security.AMRMTokenIdentifier;

/** Credentials on their way into containers. */
public final class ContainerCredentials {
  private ContainerCredentials() {}

  /**
   * A copy for processes that the master starts: without the token that only the master may use.
   */
  public static Credentials withoutMasterToken(Credentials credentials) {
    Credentials copy = new Credentials();
    for (Text alias : credentials.getAllSecretKeys()) {
      copy.addSecretKey(alias, credentials.getSecretKey(alias));
    }
    for (Token<? extends TokenIdentifier> token : credentials.getAllTokens()) {
      if (!token.getKind().equals(AMRMTokenIdentifier.KIND_NAME)) {
        copy.addToken(token.getService(), token);
      }
    }
    return copy;
  }

  /** Adds an application's secret. */
  public static void add(Credentials credentials, ApplicationSecret secret) {
    credentials.addSecretKey(new Text(ApplicationSecret.CREDENTIALS_ALIAS), secret.bytes());
  }

  /** Adds what an application's connections are encrypted with. */
  public static void add(Credentials credentials, ApplicationCertificate certificate) {
    credentials.addSecretKey(
        new Text(ApplicationCertificate.CERTIFICATE_ALIAS), certificate.encodedCertificate());
    credentials.addSecretKey(new Text(ApplicationCertificate.KEY_ALIAS), certificate.encodedKey());
  }

  /** As YARN takes them. */
  public static ByteBuffer serialize(Credentials credentials) throws IOException {
    try (DataOutputBuffer buffer = new DataOutputBuffer()) {
      credentials.writeTokenStorageToStream(buffer);
      return ByteBuffer.wrap(buffer.getData(), 0, buffer.getLength());
    }
  }
}
