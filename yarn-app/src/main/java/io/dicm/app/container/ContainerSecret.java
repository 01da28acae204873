package io.dicm.app.container;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.security.ApplicationSecret;
import java.io.IOException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.UserGroupInformation;

/** The application's secret, from the credentials that YARN gave to this process. */
public final class ContainerSecret {
  private ContainerSecret() {}

  /**
   * The secret.
   *
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} when there is none
   */
  public static ApplicationSecret ofThisProcess() throws IOException {
    byte[] bytes =
        UserGroupInformation.getCurrentUser()
            .getCredentials()
            .getSecretKey(new Text(ApplicationSecret.CREDENTIALS_ALIAS));
    if (bytes == null) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot talk to the application: its secret is not among this process's credentials.");
    }
    return ApplicationSecret.of(bytes);
  }
}
