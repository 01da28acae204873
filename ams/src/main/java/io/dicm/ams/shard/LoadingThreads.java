package io.dicm.ams.shard;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs loading tasks on some threads until all are done or the first has failed. To be used once,
 * by one thread.
 */
final class LoadingThreads {
  private static final long END_SECONDS = 60;

  private final int threads;
  private volatile boolean stopped;
  private boolean ended = true;

  /**
   * @param threads how many at most
   */
  LoadingThreads(int threads) {
    this.threads = threads;
  }

  /** Whether a task has failed, so that the others are to end. */
  boolean isStopped() {
    return stopped;
  }

  /** Whether no thread is left that works on a task. */
  boolean haveEnded() {
    return ended;
  }

  /**
   * Runs the tasks. When one fails the others are told to end and waited for, but not for ever:
   * {@link #haveEnded} says whether they did.
   *
   * @throws IOException or any other failure of the task that failed first
   * @throws DicmException {@link ErrorCode#INTERRUPTED} when the calling thread was interrupted
   */
  void run(List<? extends Callable<Void>> tasks) throws IOException {
    if (tasks.isEmpty()) {
      return;
    }
    ExecutorService executor =
        Executors.newFixedThreadPool(Math.min(threads, tasks.size()), named());
    ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(executor);
    tasks.forEach(running::submit);
    executor.shutdown();
    try {
      for (int i = 0; i < tasks.size(); i++) {
        running.take().get();
      }
    } catch (ExecutionException e) {
      end(executor);
      throw rethrown(e.getCause());
    } catch (InterruptedException e) {
      end(executor);
      Thread.currentThread().interrupt();
      throw new DicmException(
          ErrorCode.INTERRUPTED, "Cannot load the vectors: it was interrupted.", e);
    }
  }

  private static ThreadFactory named() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "ams-load-" + number.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static IOException rethrown(Throwable cause) throws IOException {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof IOException io) {
      throw io;
    }
    return new IOException(cause);
  }

  /** An interrupted caller waits as well: what follows frees the memory that the threads fill. */
  private void end(ExecutorService executor) {
    stopped = true;
    executor.shutdownNow();
    boolean interrupted = false;
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
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
    ended = executor.isTerminated();
  }
}
