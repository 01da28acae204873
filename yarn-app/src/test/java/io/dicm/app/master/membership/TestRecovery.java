package io.dicm.app.master.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TestRecovery {
  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {
        "CONTAINER_FAILED",
        "SERVICE_UNAVAILABLE",
        "WINDOW_TIMED_OUT",
        "STALE_EPOCH",
        "STORAGE_FAILED",
        "PORT_IN_USE",
        "GPU_FAILED"
      })
  void whatMayPassIsTriedAgain(ErrorCode code) {
    assertThat(Recovery.of(code)).isEqualTo(Recovery.RESTART);
  }

  @Test
  void whatANodeLacksAnotherMayHave() {
    assertThat(Recovery.of(ErrorCode.GPU_UNAVAILABLE)).isEqualTo(Recovery.ELSEWHERE);
  }

  @ParameterizedTest
  @EnumSource(
      value = ErrorCode.class,
      names = {
        "CONFIGURATION_INVALID",
        "SCHEMA_MISMATCH",
        "INPUT_MISSING",
        "MEMORY_PLAN_TOO_LARGE",
        "TRAINING_DIVERGED",
        "STORE_CORRUPT",
        "NO_RESOURCES",
        "AUTHENTICATION_FAILED",
        "INTERNAL"
      })
  void whatStaysWrongIsNot(ErrorCode code) {
    assertThat(Recovery.of(code)).isEqualTo(Recovery.NONE);
  }

  /** By YARN's numbers: ABORTED, DISKS_FAILED, PREEMPTED, and so on; then processes' own. */
  @ParameterizedTest
  @CsvSource({
    "-100, FREE_RESTART",
    "-101, FREE_RESTART",
    "-102, FREE_RESTART",
    "-106, FREE_RESTART",
    "-108, FREE_RESTART",
    "-103, NONE",
    "-104, NONE",
    "-1000, RESTART",
    "0, RESTART",
    "1, RESTART",
    "137, RESTART",
    "143, RESTART"
  })
  void endsOfContainers(int exitStatus, Recovery expected) {
    assertThat(Recovery.ofExit(exitStatus)).isEqualTo(expected);
  }
}
