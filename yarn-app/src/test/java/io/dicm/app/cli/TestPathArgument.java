package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestPathArgument {
  @TempDir java.nio.file.Path folder;

  private final Configuration conf = new Configuration(false);

  @ParameterizedTest
  @ValueSource(strings = {"shop:input", "a:b", "hdfs:", ""})
  void textThatIsNoPathIsWrongUsage(String text) {
    assertThatThrownBy(() -> PathArgument.parse(text))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("Cannot use '" + text + "' as a path");
  }

  @Test
  void localFileComesFirst() throws Exception {
    java.nio.file.Path file = Files.writeString(folder.resolve("pipeline.json"), "{}");

    assertThat(PathArgument.localFirst(conf, file.toString())).isEqualTo(new Path("file:" + file));
    assertThat(PathArgument.localFirst(conf, "/no/such/pipeline.json"))
        .isEqualTo(new Path("/no/such/pipeline.json"));
    assertThat(PathArgument.localFirst(conf, "hdfs://host/a")).isEqualTo(new Path("hdfs://host/a"));
  }
}
