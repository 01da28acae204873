package io.dicm.app.master.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TestShownConfiguration {
  @Test
  void hasOurKeysWithSecretsMasked() {
    Configuration conf = new Configuration(false);
    conf.set("dicm.run.id", "a");
    conf.set("dicm.hive.password", "hush1");
    conf.set(
        "dicm.hive.jdbc-url",
        "jdbc:hive2://h:1/d;user=ann;trustStorePassword=hush2,hush6&hush7;ssl=true");
    conf.set("dicm.input.path", "s3a://id:hush3@bucket/in");
    conf.set("dicm.internal.staging", "/hush4");
    conf.set("fs.s3a.secret.key", "hush5");

    assertThat(ShownConfiguration.of(conf).toString()).doesNotContain("hush");
    assertThat(ShownConfiguration.of(conf))
        .containsOnlyKeys(
            "dicm.run.id", "dicm.hive.password", "dicm.hive.jdbc-url", "dicm.input.path")
        .containsEntry("dicm.run.id", "a")
        .containsEntry(
            "dicm.hive.jdbc-url",
            "jdbc:hive2://h:1/d;user=ann;trustStorePassword=<redacted>;ssl=true")
        .containsEntry("dicm.input.path", "s3a://<redacted>@bucket/in");
  }
}
