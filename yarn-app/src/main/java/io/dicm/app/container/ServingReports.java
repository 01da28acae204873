package io.dicm.app.container;

import io.dicm.ams.server.ServerStatistics;
import io.dicm.ams.server.TrafficClass;
import io.dicm.app.rpc.proto.ServingMeasures;
import io.dicm.common.error.DicmException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells now and then what a server has done. From a thread of its own: the statistics wait for the
 * step that the server computes, and heartbeats must not.
 */
final class ServingReports implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServingReports.class);
  private static final int INTERVAL_MS = 1000;
  private static final int CLOSE_TIMEOUT_MS = 5000;

  private final Supplier<ServerStatistics> statistics;
  private final int vectorDimension;
  private final Consumer<ServingMeasures> listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::tellUntilClosed, "dicm-serving-reports");

  /**
   * @param statistics of a server that has been started
   * @param vectorDimension floats of an image's vector
   * @param listener told from the thread
   */
  ServingReports(
      Supplier<ServerStatistics> statistics,
      int vectorDimension,
      Consumer<ServingMeasures> listener) {
    this.statistics = statistics;
    this.vectorDimension = vectorDimension;
    this.listener = listener;
  }

  /** Begins to tell. */
  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Tells a last time, unless the server does not answer any more, and ends. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(CLOSE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellUntilClosed() {
    try {
      boolean last;
      do {
        last = closing.await(INTERVAL_MS, TimeUnit.MILLISECONDS);
        listener.accept(measures(statistics.get()));
      } while (!last);
    } catch (DicmException e) {
      // The server has its own way of telling that it failed.
      LOG.info("No more statistics: {}", e.oneLine());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ServingMeasures measures(ServerStatistics now) {
    return ServingMeasures.newBuilder()
        .setSteps(now.windows())
        .setWaitMs(now.waitMs())
        .setImageBytes(
            now.bytesByClass().getOrDefault(TrafficClass.IMAGE_CODES, 0L)
                + now.bytesByClass().getOrDefault(TrafficClass.IMAGE_GRADIENTS, 0L))
        .setRawVectorBytes(now.totalImageReferences() * vectorDimension * Float.BYTES)
        .build();
  }
}
