package io.dicm.app.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.app.rpc.proto.GpuMeasures;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.GpuReading;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TestGpuReports {
  private final MemberStatus status = new MemberStatus("container_1");

  @Test
  void heartbeatsCarryTheNewestReading() throws Exception {
    AtomicLong used = new AtomicLong();
    CountDownLatch told = new CountDownLatch(2);
    CountDownLatch ended = new CountDownLatch(1);
    GpuReports reports =
        new GpuReports(
            gpus -> {
              status.gpus(gpus);
              told.countDown();
            });
    reports.start(
        () -> List.of(reading(used.incrementAndGet(), OptionalInt.of(0), OptionalDouble.of(412.5))),
        ended::countDown);

    assertThat(told.await(20, TimeUnit.SECONDS)).as("more than once").isTrue();
    assertThatThrownBy(() -> reports.start(List::of, () -> {}))
        .hasMessage("GPUs are watched already");
    reports.close();

    assertThat(ended.getCount()).as("closed after the last reading").isZero();
    assertThat(status.heartbeat().getGpusList())
        .containsExactly(
            GpuMeasures.newBuilder()
                .setNumber(0)
                .setName("NVIDIA H100 80GB HBM3")
                .setUuid("GPU-5c1f")
                .setUsedBytes(used.get())
                .setTotalBytes(1000)
                .setBusyPercent(0)
                .setPowerWatts(412.5)
                .setCelsius(61)
                .build());
  }

  @Test
  void whatAGpuDoesNotTellIsNotSet() {
    GpuReports reports = new GpuReports(status::gpus);
    reports.start(() -> List.of(reading(1, OptionalInt.empty(), OptionalDouble.empty())), () -> {});
    reports.close();

    assertThat(status.heartbeat().getGpusList())
        .singleElement()
        .satisfies(
            gpu -> {
              assertThat(gpu.hasBusyPercent()).isFalse();
              assertThat(gpu.hasPowerWatts()).isFalse();
              assertThat(gpu.hasCelsius()).isTrue();
            });
  }

  @Test
  void onTheProcessorThereIsNothingToTell() {
    try (GpuReports reports = new GpuReports(status::gpus)) {
      reports.watch(ComputeDevice.PROCESSOR);
    }
    assertThat(status.heartbeat().getGpusList()).isEmpty();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("dicm-gpu-reports");
  }

  private static GpuReading reading(long used, OptionalInt busyPercent, OptionalDouble powerWatts) {
    return new GpuReading(
        ComputeDevice.cuda(0),
        "NVIDIA H100 80GB HBM3",
        "GPU-5c1f",
        used,
        1000,
        busyPercent,
        powerWatts,
        OptionalInt.of(61));
  }
}
