package io.dicm.app.container;

import io.dicm.app.rpc.proto.Assignment;
import io.dicm.app.rpc.proto.HeartbeatReply;
import io.dicm.app.rpc.proto.Order;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends heartbeats from a thread of its own. When the master says stop, or has not been heard of
 * for too long, it calls for the end: nothing outlives its application.
 */
public final class Heartbeats implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
  private static final int CLOSE_TIMEOUT_MS = 5000;

  private final MasterLink master;
  private final MemberStatus status;
  private final Orders orders;
  private final ReceivedTokens tokens;
  private final Assignment assignment;
  private final Runnable onStop;
  private final Runnable onSilence;
  private final Thread thread = new Thread(this::loop, "dicm-heartbeats");
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hurry = lock.newCondition();
  private boolean closing;
  private boolean pending;

  /**
   * Starts at once.
   *
   * @param onStop called when the master says stop, from the heartbeats' thread
   * @param onSilence called when the master is gone, from the heartbeats' thread
   */
  public Heartbeats(
      MasterLink master,
      MemberStatus status,
      Orders orders,
      ReceivedTokens tokens,
      Assignment assignment,
      Runnable onStop,
      Runnable onSilence) {
    this.master = master;
    this.status = status;
    this.orders = orders;
    this.tokens = tokens;
    this.assignment = assignment;
    this.onStop = onStop;
    this.onSilence = onSilence;
    thread.setDaemon(true);
    thread.start();
  }

  /** Sends the next heartbeat without waiting for its time. */
  public void now() {
    lock.lock();
    try {
      pending = true;
      hurry.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Sends a last heartbeat and ends. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      hurry.signalAll();
    } finally {
      lock.unlock();
    }
    awaitEnd();
  }

  /** Also when interrupted, which the master's stop does: the last heartbeat matters. */
  private void awaitEnd() {
    boolean interrupted = false;
    long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
    while (thread.isAlive() && System.nanoTime() < deadlineNanos) {
      try {
        thread.join(CLOSE_TIMEOUT_MS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void loop() {
    long lastHeardNanos = System.nanoTime();
    boolean stopped = false;
    while (true) {
      boolean last = isClosing();
      try {
        HeartbeatReply reply =
            master.heartbeat(
                status.heartbeat().toBuilder().setTokensVersion(tokens.version()).build());
        tokens.take(reply);
        orders.take(reply);
        lastHeardNanos = System.nanoTime();
      } catch (StatusRuntimeException e) {
        LOG.warn("No answer from the master: {}", e.getStatus());
      }
      if (last) {
        return;
      }
      if (orders.latest() == Order.STOP && !stopped) {
        stopped = true;
        onStop.run();
      }
      if (silentForTooLong(lastHeardNanos)) {
        onSilence.run();
        return;
      }
      pause();
    }
  }

  private boolean silentForTooLong(long lastHeardNanos) {
    long silenceMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastHeardNanos);
    return silenceMs > assignment.getSilenceLimitMs();
  }

  private boolean isClosing() {
    lock.lock();
    try {
      return closing;
    } finally {
      lock.unlock();
    }
  }

  private void pause() {
    lock.lock();
    try {
      long leftNanos = TimeUnit.MILLISECONDS.toNanos(assignment.getHeartbeatIntervalMs());
      while (!closing && !pending && leftNanos > 0) {
        leftNanos = hurry.awaitNanos(leftNanos);
      }
      pending = false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    } finally {
      lock.unlock();
    }
  }
}
