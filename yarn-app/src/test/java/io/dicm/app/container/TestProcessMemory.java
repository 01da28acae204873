package io.dicm.app.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TestProcessMemory {
  @Test
  void readsThePeak() {
    assertThat(
            ProcessMemory.peak(
                List.of("VmPeak:\t 9999 kB", "VmHWM:\t    2048 kB", "VmRSS:\t 1024 kB")))
        .isEqualTo(2048 * 1024);
    assertThat(ProcessMemory.peak(List.of("Name:\tjava"))).isZero();
  }

  @Test
  void thisProcessUsesMemory() {
    assertThat(ProcessMemory.peakResidentBytes()).isGreaterThan(10_000_000);
  }
}
