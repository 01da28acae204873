package io.dicm.app.container;

import io.dicm.app.rpc.proto.GpuMeasures;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.GpuMonitor;
import io.dicm.feature.device.GpuReading;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells now and then how the GPU is that this container computes on; nothing where it has none.
 * From a thread of its own: a driver in trouble may not answer, and heartbeats must not wait for
 * it. Begun and closed by one thread.
 */
final class GpuReports implements AutoCloseable {
  private static final int INTERVAL_MS = 1000;
  private static final int CLOSE_TIMEOUT_MS = 5000;

  private final Consumer<List<GpuMeasures>> listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private Thread thread;

  /**
   * @param listener told from the thread
   */
  GpuReports(Consumer<List<GpuMeasures>> listener) {
    this.listener = listener;
  }

  /** Begins to tell of a device, once; where it is the processor there is nothing to tell. */
  void watch(ComputeDevice device) {
    if (!device.isProcessor()) {
      GpuMonitor.open(List.of(device)).ifPresent(monitor -> start(monitor::read, monitor::close));
    }
  }

  /**
   * Begins to tell.
   *
   * @param gpus how they are now
   * @param end runs on the thread after the last reading, which may be later than the close
   */
  void start(Supplier<List<GpuReading>> gpus, Runnable end) {
    if (thread != null) {
      throw new IllegalStateException("GPUs are watched already");
    }
    thread = new Thread(() -> tellUntilClosed(gpus, end), "dicm-gpu-reports");
    thread.setDaemon(true);
    thread.start();
  }

  /** Ends; waits for a reading that goes on, unless the driver does not answer any more. */
  @Override
  public void close() {
    closing.countDown();
    if (thread == null) {
      return;
    }
    try {
      thread.join(CLOSE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellUntilClosed(Supplier<List<GpuReading>> gpus, Runnable end) {
    try {
      do {
        listener.accept(gpus.get().stream().map(GpuReports::measures).toList());
      } while (!closing.await(INTERVAL_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      end.run();
    }
  }

  private static GpuMeasures measures(GpuReading gpu) {
    GpuMeasures.Builder measures =
        GpuMeasures.newBuilder()
            .setNumber(gpu.device().ordinal())
            .setName(gpu.name())
            .setUuid(gpu.uuid())
            .setUsedBytes(gpu.usedBytes())
            .setTotalBytes(gpu.totalBytes());
    gpu.busyPercent().ifPresent(measures::setBusyPercent);
    gpu.powerWatts().ifPresent(measures::setPowerWatts);
    gpu.celsius().ifPresent(measures::setCelsius);
    return measures.build();
  }
}
