package io.dicm.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hive.jdbc.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestHiveUrl {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:hive2://h:10000/",
        "jdbc:hive2://h:10000/db;ssl=true;sslTrustStore=/t.jks;trustStorePassword=p=w",
        "jdbc:hive2://z1:2181,z2:2181/;serviceDiscoveryMode=zooKeeper;zooKeeperNamespace=hs2",
        "jdbc:hive2://h:10000/db;principal=hive/_HOST@EXAMPLE.COM;saslQop=auth-conf",
        "jdbc:hive2://h:10001/;transportMode=http;httpPath=cliservice?a=b;c=d#e=f",
        "jdbc:hive2://h:10000/;auth=delegationToken",
        "jdbc:hive2:///;auth=noSasl",
      })
  void isWrittenAsItWasRead(String url) {
    assertThat(HiveUrl.parse(url).text()).isEqualTo(url);
  }

  /** What the driver itself makes of the settings. */
  @Test
  void driverReadsThePartsAlike() throws Exception {
    HiveUrl url =
        HiveUrl.parse("jdbc:hive2://h:1/db;ssl=true;principal=hive/_HOST@R?tez.queue=q#v=1")
            .with(HiveUrl.SOCKET_TIMEOUT, "7");

    Utils.JdbcConnectionParams read = Utils.parseURL(url.text());

    assertThat(read.getDbName()).isEqualTo("db");
    assertThat(read.getSessionVars()).containsAllEntriesOf(url.settings());
    assertThat(read.getHiveConfs()).containsEntry("tez.queue", "q");
    assertThat(read.getHiveVars()).containsEntry("v", "1");
  }

  @Test
  void settingsAreReplacedAndLeftOut() {
    HiveUrl url = HiveUrl.parse("jdbc:hive2://h:1/db;a=1;b=2?x=y");

    assertThat(url.with("a", "3").without("b").with("c", "4").text())
        .isEqualTo("jdbc:hive2://h:1/db;a=3;c=4?x=y");
    assertThat(url.text()).isEqualTo("jdbc:hive2://h:1/db;a=1;b=2?x=y");
  }

  @Test
  void textForPeopleHasNoSettings() {
    assertThat(HiveUrl.parse("jdbc:hive2://h:1/db;password=x?y=z").toString())
        .isEqualTo("jdbc:hive2://h:1/db");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          jdbc:hive2://h:1/;ssl=yes                    | its ssl was 'yes', allowed is one of [false, true]
          jdbc:hive2://h:1/;transportMode=https        | its transportMode was 'https', allowed is one of [binary, http]
          jdbc:hive2://z:1/;serviceDiscoveryMode=zk    | its serviceDiscoveryMode was 'zk', allowed is one of [none, zookeeper, zookeeperha]
          jdbc:hive2://h:1/;principal=hive             | its principal was 'hive', needed is HiveServer2's, hive/_HOST@REALM
          jdbc:hive2://h:1/;sslTrustStore=/t           | it has an sslTrustStore but not ssl=true, so nothing is encrypted
          jdbc:hive2://a:1,,b:2/                       | its hosts are no host:port,host:port
          jdbc:hive2://h:1/;ssl=true;word              | setting 2 after it is no name=value
          jdbc:mysql://h/db;password=x                 | allowed is jdbc:hive2://host:port/...
          """)
  void whatTheDriverWouldMisunderstandIsRefused(String url, String why) {
    assertThatThrownBy(() -> HiveUrl.parse(url))
        .isInstanceOf(DicmException.class)
        .hasMessage(
            "Cannot use dicm.hive.jdbc-url: was '" + url.replaceFirst(";.*", "") + "', " + why)
        .matches(e -> ((DicmException) e).code() == ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void halfAPasswordIsNotShown() {
    assertThatThrownBy(() -> HiveUrl.parse("jdbc:hive2://h:1/;password=hun;ter2"))
        .hasMessageNotContaining("ter2");
  }
}
