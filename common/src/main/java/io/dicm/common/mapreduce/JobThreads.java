package io.dicm.common.mapreduce;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads of a job that runs in this process: one that submits it, and all that it starts in
 * turn. Hadoop tells of a job's end while some of them still tidy up, or after an interrupt work
 * on.
 */
final class JobThreads {
  private static final int MORE_THREADS = 16;

  private final ThreadGroup group;

  JobThreads(String name) {
    this.group = new ThreadGroup(name);
  }

  /** Starts the first thread. */
  Thread start(Runnable work) {
    Thread thread = new Thread(group, work, group.getName());
    // Threads are of their starter's kind, and daemons do not count below.
    thread.setDaemon(false);
    thread.start();
    return thread;
  }

  /** Whether one works; daemons, such as those of Hadoop's shared connections, do not count. */
  boolean isAny() {
    return !working().isEmpty();
  }

  /**
   * Waits until no thread works. An interrupt does not shorten that, and is kept.
   *
   * @return false when some work after this time
   */
  boolean awaitEnd(Duration limit) {
    long endNanos = System.nanoTime() + limit.toNanos();
    List<Thread> threads = working();
    while (!threads.isEmpty() && System.nanoTime() < endNanos) {
      join(threads.get(0), Duration.ofNanos(endNanos - System.nanoTime()));
      threads = working();
    }
    return threads.isEmpty();
  }

  /** Waits for one thread, as {@link #awaitEnd}. */
  static void join(Thread thread, Duration limit) {
    long endNanos = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    while (thread.isAlive() && System.nanoTime() < endNanos) {
      try {
        // 0 would be for ever.
        thread.join(Math.max(1, Duration.ofNanos(endNanos - System.nanoTime()).toMillis()));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Thread> working() {
    Thread[] threads = new Thread[group.activeCount() + MORE_THREADS];
    int count = group.enumerate(threads);
    List<Thread> working = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (!threads[i].isDaemon()) {
        working.add(threads[i]);
      }
    }
    return working;
  }
}
