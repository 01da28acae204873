package io.dicm.ams.server;

import io.dicm.ams.checkpoint.ServerSnapshot;
import io.dicm.ams.checkpoint.SnapshotConsumer;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.error.StreamFailures;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;

/**
 * Takes a snapshot after every so many steps and has it written beside the training, one at a time:
 * training waits only when the one before is not written yet. All but the writing is done by the
 * compute thread.
 */
final class SnapshotThread implements AutoCloseable {
  private static final long CLOSE_SECONDS = 5;
  private static final long NONE = -1;

  private final long stepsBetween;
  private final SnapshotConsumer consumer;
  private final long timeoutMs;
  private final ExecutorService thread;

  /** Taken, and nobody has begun to write them. */
  private final Set<ServerSnapshot> notBegun =
      Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

  private Future<?> writing;
  private long latest = NONE;

  /**
   * @param stepsBetween steps from one snapshot to the next, 1 or more
   * @param timeoutMs longest wait for the snapshot before
   */
  SnapshotThread(String name, long stepsBetween, SnapshotConsumer consumer, long timeoutMs) {
    this.stepsBetween = stepsBetween;
    this.consumer = consumer;
    this.timeoutMs = timeoutMs;
    this.thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
  }

  /** Steps from one snapshot to the next. */
  long stepsBetween() {
    return stepsBetween;
  }

  /**
   * Takes a snapshot when it is time for one.
   *
   * @param steps finished
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when the one before could not be written
   *     or takes too long
   */
  void stepFinished(long steps, LongFunction<ServerSnapshot> state) {
    boolean due = steps % stepsBetween == 0;
    if (due || (writing != null && writing.isDone())) {
      awaitWritten();
    }
    if (due) {
      take(steps, state);
    }
  }

  /**
   * Takes a last snapshot, unless the state after these steps was taken before.
   *
   * @param steps finished
   * @return what is not written yet, for {@link #await}
   */
  List<Future<?>> finish(long steps, LongFunction<ServerSnapshot> state) {
    List<Future<?>> unwritten = new ArrayList<>();
    if (writing != null) {
      unwritten.add(writing);
    }
    if (steps != latest) {
      take(steps, state);
      unwritten.add(writing);
    }
    return unwritten;
  }

  private void take(long steps, LongFunction<ServerSnapshot> state) {
    write(state.apply(steps));
    latest = steps;
  }

  private void write(ServerSnapshot snapshot) {
    notBegun.add(snapshot);
    writing =
        thread.submit(
            () -> {
              if (!notBegun.remove(snapshot)) {
                return null;
              }
              try {
                consumer.accept(snapshot);
              } finally {
                snapshot.release();
              }
              return null;
            });
  }

  /**
   * Waits until nothing is being written.
   *
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when the snapshot could not be written
   *     or that takes too long
   */
  void awaitWritten() {
    if (writing != null) {
      await(writing, timeoutMs);
      writing = null;
    }
  }

  /**
   * Waits until one snapshot is written; on any thread.
   *
   * @throws DicmException as {@link #awaitWritten}
   */
  static void await(Future<?> writing, long limitMs) {
    try {
      writing.get(limitMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (TimeoutException e) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot write the checkpoint: one was not written within "
              + limitMs
              + " ms. Write fewer of them.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DicmException(
          ErrorCode.INTERRUPTED, "Cannot write the checkpoint: it was interrupted.", e);
    }
  }

  private static DicmException failure(Throwable thrown) {
    if (thrown instanceof DicmException known) {
      return known;
    }
    Throwable cause = thrown instanceof Exception e ? StreamFailures.reason(e) : thrown;
    ErrorCode code = cause instanceof IOException ? ErrorCode.STORAGE_FAILED : ErrorCode.INTERNAL;
    return new DicmException(code, "Cannot write the checkpoint: " + cause.getMessage(), cause);
  }

  /** Drops what is not written yet. */
  @Override
  public void close() {
    thread.shutdownNow();
    for (ServerSnapshot dropped : List.copyOf(notBegun)) {
      if (notBegun.remove(dropped)) {
        dropped.release();
      }
    }
    try {
      thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
