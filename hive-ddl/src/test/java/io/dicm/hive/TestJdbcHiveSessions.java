package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestJdbcHiveSessions {
  private static final Duration DEADLINE = Duration.ofMillis(300);

  @ParameterizedTest
  @CsvSource({
    "jdbc:hive2://h:1, jdbc:hive2://h:1/;socketTimeout=300",
    "jdbc:hive2://h:1/, jdbc:hive2://h:1/;socketTimeout=300",
    "jdbc:hive2://h:1/db;ssl=true, jdbc:hive2://h:1/db;ssl=true;socketTimeout=300",
    "jdbc:hive2://h:1/db;ssl=true;?a=b#c=d, jdbc:hive2://h:1/db;ssl=true;socketTimeout=300?a=b#c=d",
    "jdbc:hive2://h:1/;socketTimeout=7, jdbc:hive2://h:1/;socketTimeout=7",
    "'jdbc:hive2://a:1,b:2/;x=y', 'jdbc:hive2://a:1,b:2/;x=y;socketTimeout=300'",
  })
  void deadlineIsAmongTheSessionSettings(String url, String expected) {
    assertThat(sessions(url).urlWithDeadline()).isEqualTo(expected);
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
