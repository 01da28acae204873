package io.dicm.app.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.junit.jupiter.api.Test;

class TestDiagnostics {
  @Test
  void mastersErrorComesBack() {
    DicmException error =
        Diagnostics.toException(
            "application_1_1", "\nNO_RESOURCES: Stage train: the queue gave 3 of 4.\n");

    assertThat(error.code()).isEqualTo(ErrorCode.NO_RESOURCES);
    assertThat(error)
        .hasMessage("Stage train: the queue gave 3 of 4. Logs: dicm logs application_1_1");
  }

  @Test
  void yarnsOwnWordsAreKept() {
    DicmException error =
        Diagnostics.toException(
            "application_1_1", "Application failed 2 times due to AM Container\nNOTE: x");

    assertThat(error.code()).isEqualTo(ErrorCode.CONTAINER_FAILED);
    assertThat(error)
        .hasMessageStartingWith(
            "The application master failed: Application failed 2 times due to AM Container");
  }

  @Test
  void silenceIsSaidSo() {
    assertThat(Diagnostics.toException("application_1_1", null))
        .hasMessageContaining("YARN gave no reason");
  }
}
