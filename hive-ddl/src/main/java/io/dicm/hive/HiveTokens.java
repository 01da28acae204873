package io.dicm.hive;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;

/**
 * Finds HiveServer2's delegation token among a user's credentials, under the names that those give
 * it who fetch one, and puts it where the JDBC driver looks for it. Stateless.
 */
public final class HiveTokens {
  /** The name under which launchers keep it, as Oozie's hive2 credential. */
  public static final Text ALIAS = new Text("hive.server2.delegation.token");

  /** The service by which the driver looks for it. */
  static final Text DRIVER_SERVICE = new Text("hiveserver2ClientToken");

  /** The key by which the driver finds it in a token file. */
  private static final Text FILE_KEY = new Text("hive");

  /** The metastore's tokens are of this kind, too: only names tell them apart. */
  private static final Text KIND = new Text("HIVE_DELEGATION_TOKEN");

  private HiveTokens() {}

  /**
   * Offers the user's token to the driver.
   *
   * @return whether there is one
   */
  static boolean offer(UserGroupInformation user) {
    Optional<Token<?>> found = find(user.getCredentials());
    found.ifPresent(token -> user.addToken(DRIVER_SERVICE, forDriver(token)));
    return found.isPresent();
  }

  private static Optional<Token<?>> find(Credentials credentials) {
    for (Text name : List.of(ALIAS, DRIVER_SERVICE, FILE_KEY)) {
      Token<?> named = credentials.getToken(name);
      if (named != null && named.getKind().equals(KIND)) {
        return Optional.of(named);
      }
    }
    for (Token<? extends TokenIdentifier> token : credentials.getAllTokens()) {
      boolean named = token.getService().equals(ALIAS) || token.getService().equals(DRIVER_SERVICE);
      if (named && token.getKind().equals(KIND)) {
        return Optional.of(token);
      }
    }
    return Optional.empty();
  }

  private static Token<TokenIdentifier> forDriver(Token<?> token) {
    return new Token<>(token.getIdentifier(), token.getPassword(), KIND, DRIVER_SERVICE);
  }
}
