package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.security.Credentials;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.security.token.Token;
import org.apache.hadoop.security.token.TokenIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestJdbcHiveSessions {
  private static final Duration DEADLINE = Duration.ofMillis(300);
  private static final UserGroupInformation USER = UserGroupInformation.createRemoteUser("bob");

  @ParameterizedTest
  @CsvSource({
    "jdbc:hive2://h:1, jdbc:hive2://h:1/;socketTimeout=300",
    "jdbc:hive2://h:1/, jdbc:hive2://h:1/;socketTimeout=300",
    "jdbc:hive2://h:1/db;ssl=true, jdbc:hive2://h:1/db;ssl=true;socketTimeout=300",
    "jdbc:hive2://h:1/db;ssl=true;?a=b#c=d, jdbc:hive2://h:1/db;ssl=true;socketTimeout=300?a=b#c=d",
    "jdbc:hive2://h:1;ssl=true, jdbc:hive2://h:1/;ssl=true;socketTimeout=300",
    "jdbc:hive2://h:1/;socketTimeout=7, jdbc:hive2://h:1/;socketTimeout=7",
    "'jdbc:hive2://a:1,b:2/;x=y', 'jdbc:hive2://a:1,b:2/;x=y;socketTimeout=300'",
  })
  void deadlineIsAmongTheSessionSettings(String url, String expected) {
    assertThat(sessions(url).authenticated(USER).text()).isEqualTo(expected);
  }

  @Test
  void tokenTakesThePlaceOfThePrincipalWhereThereIsNoTicket() {
    JdbcHiveSessions sessions = sessions("jdbc:hive2://h:1/;principal=hive/_HOST@R;ssl=true");
    assertThat(sessions.authenticated(USER).text()).contains("principal=hive/_HOST@R");

    UserGroupInformation user = UserGroupInformation.createRemoteUser("ann");
    user.addToken(HiveTokens.ALIAS, token("HIVE_DELEGATION_TOKEN", "somewhere"));

    assertThat(sessions.authenticated(user).text())
        .isEqualTo("jdbc:hive2://h:1/;ssl=true;socketTimeout=300;auth=delegationToken");
    assertThat(user.getTokens())
        .anySatisfy(
            token -> {
              assertThat(token.getService()).hasToString("hiveserver2ClientToken");
              assertThat(token.getIdentifier()).isEqualTo(new byte[] {1, 2});
            });
  }

  @Test
  void tokenIsFoundByItsServiceAndTheMetastoresIsNot() {
    JdbcHiveSessions sessions = sessions("jdbc:hive2://h:1/;auth=delegationToken");
    UserGroupInformation user = UserGroupInformation.createRemoteUser("ann");
    user.addToken(new Text("metastore"), token("HIVE_DELEGATION_TOKEN", "metastore"));
    user.addToken(new Text("other"), token("HDFS_DELEGATION_TOKEN", HiveTokens.ALIAS.toString()));
    assertThatThrownBy(() -> sessions.authenticated(user))
        .isInstanceOf(DicmException.class)
        .hasMessageContainingAll(
            "jdbc:hive2://h:1/", "ann has no token hive.server2.delegation.token", "kinit")
        .matches(e -> ((DicmException) e).code() == ErrorCode.AUTHENTICATION_FAILED);

    user.addToken(new Text("any"), token("HIVE_DELEGATION_TOKEN", HiveTokens.ALIAS.toString()));
    assertThat(sessions.authenticated(user).isByToken()).isTrue();
  }

  @Test
  void noTokenIsFetchedWhereThereIsNoKerberos() {
    Credentials credentials = new Credentials();

    sessions("jdbc:hive2://127.0.0.1:1/").fetchToken(credentials);
    sessions("jdbc:hive2://127.0.0.1:1/;principal=hive/_HOST@R").fetchToken(credentials);

    assertThat(credentials.numberOfTokens()).isZero();
  }

  /** The driver puts whole URLs into its messages. */
  @Test
  void secretsAreInNoMessageOfAFailure() {
    String url =
        "jdbc:hive2://127.0.0.1:1/db;ssl=true;sslTrustStore=/none;trustStorePassword=hunter2"
            + ";password=hunter3";

    assertThatThrownBy(() -> sessions(url).open())
        .isInstanceOf(DicmException.class)
        .satisfies(
            e -> {
              StringWriter trace = new StringWriter();
              e.printStackTrace(new PrintWriter(trace));
              assertThat(trace.toString())
                  .contains("trustStorePassword=<redacted>")
                  .doesNotContain("hunter");
            });
  }

  private static Token<TokenIdentifier> token(String kind, String service) {
    return new Token<>(new byte[] {1, 2}, new byte[] {3}, new Text(kind), new Text(service));
  }

  @Test
  void addressHidesSettings() {
    assertThat(sessions("jdbc:hive2://h:1/db;trustStorePassword=x?a=b").address())
        .isEqualTo("jdbc:hive2://h:1/db");
  }

  @Test
  void otherDriversAreRefused() {
    assertThatThrownBy(() -> sessions("jdbc:mysql://h/db;password=x"))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot use dicm.hive.jdbc-url: was 'jdbc:mysql://h/db', allowed is"
                + " jdbc:hive2://host:port/...")
        .matches(e -> ((DicmException) e).code() == ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void urlComesFromTheConfiguration() {
    Configuration conf = new Configuration(false);
    assertThatThrownBy(() -> JdbcHiveSessions.of(DicmConfiguration.of(conf)))
        .hasMessage("Cannot go on: dicm.hive.jdbc-url is not set.");

    conf.set(DicmKeys.HIVE_JDBC_URL, "jdbc:hive2://h:1/db");
    assertThat(JdbcHiveSessions.of(DicmConfiguration.of(conf)).address())
        .isEqualTo("jdbc:hive2://h:1/db");
  }

  @Test
  void nobodyListeningIsOneSentence() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String url = "jdbc:hive2://127.0.0.1:" + port + "/";

    assertThatThrownBy(() -> sessions(url).open())
        .isInstanceOf(DicmException.class)
        .hasMessage("Cannot connect to HiveServer2 at " + url + ": Connection refused.")
        .matches(e -> ((DicmException) e).code() == ErrorCode.HIVE_FAILED);
  }

  @Test
  void serverThatNeverAnswersRunsIntoTheDeadline() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String url = "jdbc:hive2://127.0.0.1:" + silent.getLocalPort() + "/";

      assertThatThrownBy(() -> sessions(url).open())
          .isInstanceOf(DicmException.class)
          .hasMessage("Cannot connect to HiveServer2 at " + url + ": Read timed out.");
    }
  }

  private static JdbcHiveSessions sessions(String url) {
    return new JdbcHiveSessions(url, "someone", DEADLINE);
  }
}
