package io.dicm.ams.server;

import io.dicm.ams.compute.NativeThreads;
import io.dicm.ams.window.WindowTimer;
import io.dicm.ams.wire.CallFailures;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that all state of a server belongs to: it runs windows, updates and deadlines one
 * after the other, so that none of them needs a lock. Safe for use by many threads.
 */
final class ComputeThread implements Executor, WindowTimer, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ComputeThread.class);

  private static final long CLOSE_SECONDS = 60;

  private final ScheduledThreadPoolExecutor executor;

  /**
   * @param name of the thread. Native libraries are told to compute on it alone, OpenBLAS for the
   *     whole process: more threads are a matter of {@link io.dicm.ams.compute.ComputeCrew}
   */
  ComputeThread(String name) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    executor.execute(() -> NativeThreads.use(1));
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(() -> logged(task));
  }

  /** The executor would keep a task's failure to itself. */
  private static void logged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.error("A task of the model server failed.", e);
      throw e;
    }
  }

  @Override
  public Runnable after(long delayMs, Runnable action) {
    Future<?> scheduled = executor.schedule(() -> logged(action), delayMs, TimeUnit.MILLISECONDS);
    return () -> scheduled.cancel(false);
  }

  /** Runs something on the thread and waits for it, at most so long. */
  <T> T call(String what, long timeoutMs, Callable<T> task) {
    Future<T> result = executor.submit(task);
    try {
      return result.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw CallFailures.toException(e, what);
    } catch (TimeoutException e) {
      result.cancel(false);
      throw new DicmException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "Cannot " + what + ": the model server did not finish within " + timeoutMs + " ms.",
          e);
    } catch (InterruptedException e) {
      result.cancel(false);
      Thread.currentThread().interrupt();
      throw new DicmException(ErrorCode.INTERRUPTED, "Cannot " + what + ": it was interrupted.", e);
    }
  }

  /**
   * Lets the running task end, drops the others. An interrupted caller waits as well: what follows
   * frees the memory that the task may be working on.
   *
   * @throws DicmException {@code INTERNAL} when the task does not end; its memory must then stay
   */
  @Override
  public void close() {
    executor.shutdownNow();
    boolean interrupted = false;
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
    while (!executor.isTerminated() && System.nanoTime() < deadlineNs) {
      try {
        executor.awaitTermination(deadlineNs - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!executor.isTerminated()) {
      throw new DicmException(
          ErrorCode.INTERNAL,
          "Cannot close the model server: its thread did not end within " + CLOSE_SECONDS + " s.");
    }
  }
}
