package io.dicm.app.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.junit.jupiter.api.Test;

class TestContainerMemory {
  @Test
  void sharesHeapDirectAndNative() {
    assertThat(ContainerMemory.of("server", 1536, 0.4))
        .isEqualTo(new ContainerMemory(1536, 614, 230));
    assertThat(ContainerMemory.of("master", 768, 0.4))
        .isEqualTo(new ContainerMemory(768, 307, 115));
  }

  @Test
  void directMemoryIsBounded() {
    assertThat(ContainerMemory.of("server", 65_536, 0.1).directMb()).isEqualTo(512);
    assertThat(ContainerMemory.of("server", 200, 0.5).directMb()).isEqualTo(32);
  }

  @Test
  void heapAndDirectAlwaysLeaveRoom() {
    for (int totalMb = 160; totalMb < 20_000; totalMb += 97) {
      ContainerMemory memory = ContainerMemory.of("worker", totalMb, 0.6);
      assertThat(memory.heapMb() + memory.directMb()).isLessThan(totalMb);
    }
  }

  @Test
  void tooSmallIsRefusedWithTheNumbers() {
    assertThatThrownBy(() -> ContainerMemory.of("worker", 128, 0.4))
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith(
            "Cannot run a worker in 128 MiB with heap fraction 0.4: that is 51 MiB of heap, needed at least 64")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
    assertThatThrownBy(() -> ContainerMemory.of("worker", 400, 0.95))
        .hasMessageContaining("must leave room for native memory");
  }
}
