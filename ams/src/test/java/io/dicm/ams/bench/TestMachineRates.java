package io.dicm.ams.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import org.junit.jupiter.api.Test;

class TestMachineRates {
  private static final long MIB = 1 << 20;

  /** Slower than a floppy disk or faster than any memory would be a wrong unit. */
  @Test
  void ratesArePlausible() throws InterruptedException {
    assertThat(GemmRate.median(64, 256, 1)).isBetween(0.01, 100_000.0);
    assertThat(new MemoryRate(8 * MIB, 2).measure()).isBetween(0.1, 10_000.0);
    assertThat(new LoopbackRate(16 * MIB, 20_000).measure()).isBetween(0.001, 1000.0);
  }

  @Test
  void aDevicesRatesArePlausibleOnTheProcessorToo() {
    ComputeDevice device = ComputeDevice.PROCESSOR;
    assertThat(new DeviceMemoryRate(device, 8 * MIB).measure()).isBetween(0.1, 10_000.0);
    for (Arithmetic arithmetic : Arithmetic.values()) {
      try (DeviceMatrixRate rate = new DeviceMatrixRate(device, arithmetic, 64, 256)) {
        assertThat(rate.measure()).as(arithmetic.label()).isBetween(0.01, 100_000.0);
      }
    }
  }

  @Test
  void theLoopbackNetworkHasADeadline() {
    assertThatThrownBy(() -> new LoopbackRate(Long.MAX_VALUE, 50).measure())
        .isInstanceOf(DicmException.class)
        .hasMessageStartingWith("Cannot measure the loopback network: it took more than 50 ms");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("loopback-sender"));
  }

  @Test
  void productsOfAStepAreCountedWithoutTheFirstLayersInputGradient() {
    double forward = 2.0 * (4096 * 256 + 256 * 64 + 64 * 12);
    double inputGradients = 2.0 * (256 * 64 + 64 * 12);

    assertThat(new StepWork(10, 4096).operations()).isEqualTo(10 * (2 * forward + inputGradients));
  }
}
