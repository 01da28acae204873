package io.dicm.hive;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hive.jdbc.HiveDriver;

/** Sessions over Hive's JDBC driver. Immutable and safe for use by many threads. */
public final class JdbcHiveSessions implements HiveSessions {
  /**
   * Longest silence of HiveServer2, while connecting and in each later exchange; statements that
   * run longer are polled. Compiling a statement on a loaded server is one exchange.
   */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(2);

  private static final String SCHEME = "jdbc:hive2://";

  /** Hosts, path, session settings; then Hive's settings and variables after ? and #. */
  private static final Pattern URL = Pattern.compile("(" + SCHEME + "[^/;?#]*)(/[^?#]*)?(.*)");

  private final String url;
  private final String user;
  private final Duration deadline;

  /**
   * @param url {@code jdbc:hive2://host:port/...} with any of the driver's own settings
   * @param user the session's user
   * @param deadline the longest silence of the server that is waited out
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} for the URL of another driver
   */
  public JdbcHiveSessions(String url, String user, Duration deadline) {
    if (!URL.matcher(url).matches()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use "
              + DicmKeys.HIVE_JDBC_URL
              + ": was '"
              + shown(url)
              + "', allowed is "
              + SCHEME
              + "host:port/...");
    }
    this.url = url;
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

  @Override
  public HiveStatements open() {
    Properties login = new Properties();
    login.setProperty("user", user);
    login.setProperty("password", "");
    try {
      // Not by DriverManager: it finds drivers by class loader, and ours is not always the one.
      Connection connection = new HiveDriver().connect(urlWithDeadline(), login);
      return new JdbcHiveStatements(connection);
    } catch (SQLException e) {
      throw new DicmException(
          ErrorCode.HIVE_FAILED,
          "Cannot connect to HiveServer2 at " + address() + ": " + HiveFailures.reason(e) + ".",
          e);
    }
  }

  /** The URL without its settings, among which may be passwords. */
  @Override
  public String address() {
    return shown(url);
  }

  /** The URL with the deadline among its session settings, unless it has one. */
  String urlWithDeadline() {
    Matcher parts = URL.matcher(url);
    if (!parts.matches() || url.contains("socketTimeout=")) {
      return url;
    }
    String path = parts.group(2) == null ? "/" : parts.group(2);
    String separator = path.endsWith(";") ? "" : ";";
    return parts.group(1)
        + path
        + separator
        + "socketTimeout="
        + deadline.toMillis()
        + parts.group(3);
  }

  private static String shown(String url) {
    return url.replaceFirst("[;?#].*", "");
  }

  private static String currentUser() {
    try {
      return UserGroupInformation.getCurrentUser().getShortUserName();
    } catch (IOException e) {
      throw new DicmException(
          ErrorCode.AUTHENTICATION_FAILED,
          "Cannot find out the current user for Hive: " + e.getMessage() + ".",
          e);
    }
  }
}
