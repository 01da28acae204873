package io.dicm.common.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestJavaOptions {
  private final Configuration conf = new Configuration(false);

  @Test
  void optionsKeepTheirOrder() {
    conf.set(
        "dicm.yarn.java-options",
        " -XX:+HeapDumpOnOutOfMemoryError\n  -Dhttp.proxyHost=proxy.example.com ");

    assertThat(JavaOptions.of(conf))
        .containsExactly("-XX:+HeapDumpOnOutOfMemoryError", "-Dhttp.proxyHost=proxy.example.com");
    assertThat(JavaOptions.of(new Configuration(false))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Da=$(id)", "-Da=b;c", "Main", "-Da='b'", "-XX:OnError=a|b", "-Da=`b`"})
  void whatAShellWouldChangeIsRefused(String option) {
    assertRefused("-Xint " + option, option);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Xmx2g",
        "-Xms1g",
        "-XX:MaxDirectMemorySize=1g",
        "-XX:MaxHeapSize=1g",
        "-XX:+UseZGC"
      })
  void whatTheMemoryPlanDecidesIsRefused(String option) {
    assertRefused(option, option + " is for the memory plan to decide");
  }

  private void assertRefused(String options, String named) {
    conf.set("dicm.yarn.java-options", options);

    assertThatThrownBy(() -> JavaOptions.of(conf))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(named)
        .hasMessageContaining("dicm.yarn.java-options was '" + options + "'")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }
}
