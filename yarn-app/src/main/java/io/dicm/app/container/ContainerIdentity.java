package io.dicm.app.container;

import io.dicm.ams.wire.Transport;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationCertificate;
import io.dicm.common.security.ApplicationSecret;
import java.io.IOException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * What this process shows the other processes of its application, from the credentials that YARN
 * gave it.
 *
 * @param secret that every call carries
 * @param transport encrypted where the credentials hold a certificate
 */
public record ContainerIdentity(ApplicationSecret secret, Transport transport) {
  /**
   * Of the process that asks.
   *
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} when there is no secret
   */
  public static ContainerIdentity ofThisProcess() throws IOException {
    return of(UserGroupInformation.getCurrentUser().getCredentials());
  }

  static ContainerIdentity of(Credentials credentials) {
    byte[] secret = credentials.getSecretKey(new Text(ApplicationSecret.CREDENTIALS_ALIAS));
    if (secret == null) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot talk to the application: its secret is not among this process's credentials.");
    }
    return new ContainerIdentity(ApplicationSecret.of(secret), transport(credentials));
  }

  private static Transport transport(Credentials credentials) {
    byte[] certificate =
        credentials.getSecretKey(new Text(ApplicationCertificate.CERTIFICATE_ALIAS));
    byte[] key = credentials.getSecretKey(new Text(ApplicationCertificate.KEY_ALIAS));
    return certificate == null || key == null
        ? Transport.plain()
        : Transport.tls(ApplicationCertificate.of(certificate, key));
  }
}
