package io.dicm.app.master.stop;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the process end well when it is signalled: this attempt of the application ends, with a
 * checkpoint if it trains, and the next one goes on from there. A node that ends a container leaves
 * it no time for that, but one that is only told to signal it does ({@code yarn container -signal
 * ID GRACEFUL_SHUTDOWN}).
 */
public final class SignalStop {
  private static final Logger LOG = LoggerFactory.getLogger(SignalStop.class);
  private static final Duration END = Duration.ofSeconds(60);

  private final StopRequest request;
  private final Duration limit;
  private final CountDownLatch ended = new CountDownLatch(1);

  private SignalStop(StopRequest request, Duration limit) {
    this.request = request;
    this.limit = limit;
  }

  /**
   * From now on waits at the process's end for the work's.
   *
   * @param priority among Hadoop's hooks, more comes first
   * @param patience longest wait for a checkpoint
   */
  public static SignalStop install(StopRequest request, int priority, Duration patience) {
    SignalStop stop = new SignalStop(request, patience.plus(END));
    ShutdownHookManager.get()
        .addShutdownHook(stop::awaitEnd, priority, stop.limit.toSeconds() + 1, TimeUnit.SECONDS);
    return stop;
  }

  /** The work has ended: the process may, too. */
  public void ended() {
    ended.countDown();
  }

  private void awaitEnd() {
    if (ended.getCount() == 0) {
      return;
    }
    request.ask();
    try {
      if (!ended.await(limit.toSeconds(), TimeUnit.SECONDS)) {
        LOG.warn("The stages did not end within {} s", limit.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
