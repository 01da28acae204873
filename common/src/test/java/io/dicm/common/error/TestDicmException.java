package io.dicm.common.error;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TestDicmException {
  @Test
  void messageHasNoTraceOfAServer() {
    DicmException failure =
        new DicmException(
            ErrorCode.STORAGE_FAILED,
            """
            Cannot write: the quota of /a is exceeded
            \tat org.apache.Quota.verify(Quota.java:18)
            \t... 3 more
            Second line
            at the end""");

    assertThat(failure).hasMessageNotContaining("Quota.java");
    assertThat(failure.oneLine())
        .isEqualTo(
            "STORAGE_FAILED: Cannot write: the quota of /a is exceeded Second line at the end");
  }
}
