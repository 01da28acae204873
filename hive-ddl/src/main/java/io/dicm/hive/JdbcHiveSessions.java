package io.dicm.hive;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;
import org.apache.hive.jdbc.HiveConnection;
import org.apache.hive.jdbc.HiveDriver;

/** Sessions over Hive's JDBC driver. Immutable and safe for use by many threads. */
public final class JdbcHiveSessions implements HiveSessions {
  /**
   * Longest silence of HiveServer2, while connecting and in each later exchange; statements that
   * run longer are polled. Compiling a statement on a loaded server is one exchange.
   */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(2);

  private final HiveUrl url;
  private final String user;
  private final Duration deadline;

  /**
   * @param url {@code jdbc:hive2://host:port/...} with any of the driver's own settings, such as
   *     {@code ssl=true}, {@code serviceDiscoveryMode=zooKeeper}, {@code principal=} or {@code
   *     auth=delegationToken}
   * @param user the session's user
   * @param deadline the longest silence of the server that is waited out
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for the URL of another driver, or
   *     one with settings that the driver would misunderstand
   */
  public JdbcHiveSessions(String url, String user, Duration deadline) {
    this.url = HiveUrl.parse(url);
    this.user = user;
    this.deadline = deadline;
  }

  /** Sessions with the HiveServer2 of {@code dicm.hive.jdbc-url}, which must be set. */
  public static JdbcHiveSessions of(DicmConfiguration configuration) {
    String user = configuration.text(DicmKeys.HIVE_USER);
    return new JdbcHiveSessions(
        configuration.required(DicmKeys.HIVE_JDBC_URL),
        user.isEmpty() ? currentUser() : user,
        DEFAULT_DEADLINE);
  }

  /**
   * {@inheritDoc}
   *
   * @throws DicmException {@link ErrorCode#AUTHENTICATION_FAILED} also when the URL asks for a
   *     delegation token and the user has none
   */
  @Override
  public HiveStatements open() {
    return new JdbcHiveStatements(connect(authenticated(current())));
  }

  /**
   * Fetches a delegation token with the Kerberos ticket of this process, for processes on YARN,
   * which have none. Does nothing for a URL without a principal: its HiveServer2 gives no tokens.
   *
   * @param credentials get it under the name {@link HiveTokens#ALIAS}
   * @throws DicmException {@link ErrorCode#HIVE_FAILED} when HiveServer2 gives none
   */
  public void fetchToken(Credentials credentials) {
    Optional<String> principal = url.setting(HiveUrl.PRINCIPAL);
    if (principal.isEmpty() || !current().hasKerberosCredentials()) {
      return;
    }
    try (Connection connection = connect(authenticated(current()))) {
      Token<TokenIdentifier> token = new Token<>();
      token.decodeFromUrlString(
          ((HiveConnection) connection).getDelegationToken(user, principal.get()));
      credentials.addToken(HiveTokens.ALIAS, token);
    } catch (SQLException e) {
      throw HiveFailures.failed("fetch a delegation token", address(), e);
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.HIVE_FAILED,
          "Cannot read the delegation token of HiveServer2 at " + address() + ".",
          e);
    }
  }

  private Connection connect(HiveUrl ready) {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", "");
    try {
      // Not by DriverManager: it finds drivers by class loader, and ours is not always the one.
      return new HiveDriver().connect(ready.text(), login);
    } catch (SQLException e) {
      throw new DicmException(
          ErrorCode.HIVE_FAILED,
          "Cannot connect to HiveServer2 at " + address() + ": " + HiveFailures.reason(e) + ".",
          HiveFailures.withoutSecrets(e));
    }
  }

  /** The URL without its settings, among which may be passwords. */
  @Override
  public String address() {
    return url.toString();
  }

  /**
   * The URL for a session of the user: with the deadline, unless it has one, and by delegation
   * token where a process has no Kerberos ticket, as on YARN, but was given a token.
   */
  HiveUrl authenticated(UserGroupInformation current) {
    HiveUrl withDeadline =
        url.setting(HiveUrl.SOCKET_TIMEOUT).isPresent()
            ? url
            : url.with(HiveUrl.SOCKET_TIMEOUT, Long.toString(deadline.toMillis()));
    boolean withoutTicket =
        url.setting(HiveUrl.PRINCIPAL).isPresent() && !current.hasKerberosCredentials();
    if (!url.isByToken() && !withoutTicket) {
      return withDeadline;
    }
    if (!HiveTokens.offer(current)) {
      if (!url.isByToken()) {
        return withDeadline; // The driver may find a ticket that Hadoop does not know of.
      }
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot open a session with HiveServer2 at "
              + address()
              + ": its URL has auth=delegationToken, and "
              + current.getShortUserName()
              + " has no token "
              + HiveTokens.ALIAS
              + ". Let the launcher fetch one (in Oozie: a credential of type hive2), or name"
              + " principal= and log in with kinit.");
    }
    // With a principal the driver would not look at the token.
    return withDeadline.without(HiveUrl.PRINCIPAL).with(HiveUrl.AUTH, HiveUrl.DELEGATION_TOKEN);
  }

  private static UserGroupInformation current() {
    try {
      return UserGroupInformation.getCurrentUser();
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot find out the current user for Hive: " + e.getMessage() + ".",
          e);
    }
  }

  private static String currentUser() {
    return current().getShortUserName();
  }
}
