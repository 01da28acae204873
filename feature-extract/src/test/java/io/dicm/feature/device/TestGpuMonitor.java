package io.dicm.feature.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestGpuMonitor {
  @Test
  void measuresWhereThereIsAGpuAndIsAbsentElsewhere() {
    List<ComputeDevice> devices = List.of(ComputeDevice.cuda(0));
    if (Gpus.areRequired()) {
      Gpus.first();
    }
    Optional<GpuMonitor> opened = GpuMonitor.open(devices);
    assertThat(opened.isPresent() || !Gpus.areRequired()).as("where a GPU is asked for").isTrue();
    if (opened.isEmpty()) {
      assertThat(GpuMonitor.open(devices)).as("a second time").isEmpty();
      return;
    }
    GpuMonitor monitor = opened.get();
    assertThat(monitor.read())
        .singleElement()
        .satisfies(
            reading -> {
              assertThat(reading.device()).isEqualTo(devices.get(0));
              assertThat(reading.name()).isNotBlank();
              assertThat(reading.uuid()).startsWith("GPU-");
              assertThat(reading.usedBytes()).isBetween(0L, reading.totalBytes());
              assertThat(reading.totalBytes()).isGreaterThan(1L << 28);
              reading.busyPercent().ifPresent(busy -> assertThat(busy).isBetween(0, 100));
              reading.powerWatts().ifPresent(watts -> assertThat(watts).isBetween(1.0, 3000.0));
              reading.celsius().ifPresent(celsius -> assertThat(celsius).isBetween(1, 120));
            });
    monitor.close();
    monitor.close();
    assertThatThrownBy(monitor::read).hasMessage("The monitor is closed");
  }
}
