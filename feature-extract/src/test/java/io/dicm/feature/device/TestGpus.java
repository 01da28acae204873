package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TestGpus {
  private static final String BUILD = "org.bytedeco.javacpp.platform.extension";

  @Test
  void aRunThatIsMeantForAGpuFailsWithoutOne() {
    assumeFalse(Files.exists(Path.of("/proc/driver/nvidia/version")), "There may be a GPU");
    String before = System.getProperty(BUILD);
    System.setProperty(BUILD, "-gpu");
    try {
      assertThatThrownBy(Gpus::first)
          .isInstanceOfSatisfying(
              DicmException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.GPU_UNAVAILABLE))
          .hasMessageStartingWith("Cannot compute on a GPU (" + BUILD + "=-gpu) without ");
    } finally {
      if (before == null) {
        System.clearProperty(BUILD);
      } else {
        System.setProperty(BUILD, before);
      }
    }
  }
}
