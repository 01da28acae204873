package io.dicm.app.client;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * Who this process is on a cluster with Kerberos: by a keytab, by a launcher's tokens, or by the
 * ticket of {@code kinit}. Nothing to do on a cluster without.
 *
 * @param conf the cluster's, with {@code dicm.security.principal} and {@code .keytab}
 */
public record KerberosLogin(Configuration conf) {
  /**
   * Logs the process in.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for a principal without keytab or
   *     the reverse; {@link ErrorCode#AUTHENTICATION_FAILED} when the Kerberos server refuses the
   *     keytab, or when there is neither keytab nor ticket nor token
   */
  public void perform() throws IOException {
    String principal = conf.getTrimmed(DicmKeys.SECURITY_PRINCIPAL, "");
    String keytab = conf.getTrimmed(DicmKeys.SECURITY_KEYTAB, "");
    if (principal.isEmpty() != keytab.isEmpty()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "%s was '%s' and %s was '%s': set both or neither."
              .formatted(DicmKeys.SECURITY_PRINCIPAL, principal, DicmKeys.SECURITY_KEYTAB, keytab));
    }
    if (!UserGroupInformation.isSecurityEnabled()) {
      return;
    }
    if (System.getenv(UserGroupInformation.HADOOP_TOKEN_FILE_LOCATION) != null) {
      return; // A launcher's tokens are all that there is to be used.
    }
    if (keytab.isEmpty()) {
      requireTicket();
    } else {
      logIn(principal, keytab);
    }
  }

  private static void logIn(String principal, String keytab) throws IOException {
    if (!Files.isReadable(Path.of(keytab))) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "%s was '%s': there is no such file that you may read."
              .formatted(DicmKeys.SECURITY_KEYTAB, keytab));
    }
    try {
      UserGroupInformation.loginUserFromKeytab(principal, keytab);
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot log in as %s with the keytab %s: %s. Look with klist -kt whether it has the principal, and whether the Kerberos server can be reached."
              .formatted(principal, keytab, rootMessage(e)),
          e);
    }
  }

  private static void requireTicket() throws IOException {
    UserGroupInformation user = UserGroupInformation.getLoginUser();
    if (!user.hasKerberosCredentials() && user.getCredentials().numberOfTokens() == 0) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "The cluster asks for Kerberos, and you have no ticket. Get one with kinit, or set %s and %s."
              .formatted(DicmKeys.SECURITY_PRINCIPAL, DicmKeys.SECURITY_KEYTAB));
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse("no reason given");
  }
}
