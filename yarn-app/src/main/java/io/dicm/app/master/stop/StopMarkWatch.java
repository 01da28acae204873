package io.dicm.app.master.stop;

import io.dicm.app.launch.StopMark;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks for the owner's {@link StopMark} while the application runs, and passes the request on. */
public final class StopMarkWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StopMarkWatch.class);
  private static final int INTERVAL_MS = 1000;
  private static final int CLOSE_TIMEOUT_MS = 5000;

  private final StopMark mark;
  private final StopRequest request;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watch, "dicm-stop-mark");
  private volatile boolean seen;
  private boolean warned;

  private StopMarkWatch(StopMark mark, StopRequest request) {
    this.mark = mark;
    this.request = request;
  }

  /** Begins to look. */
  public static StopMarkWatch start(StopMark mark, StopRequest request) {
    StopMarkWatch watch = new StopMarkWatch(mark, request);
    watch.thread.setDaemon(true);
    watch.thread.start();
    return watch;
  }

  /** Whether the mark was there: then it is the application that ends, not this attempt alone. */
  public boolean hasSeenIt() {
    return seen;
  }

  private void watch() {
    try {
      while (!seen && !closing.await(INTERVAL_MS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      if (mark.isThere()) {
        LOG.info("The owner asks the application to end");
        seen = true;
        request.ask();
      }
    } catch (IOException | RuntimeException e) {
      if (!warned) {
        LOG.warn("Cannot look for the mark to stop: {}", e.toString());
        warned = true;
      }
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(CLOSE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
