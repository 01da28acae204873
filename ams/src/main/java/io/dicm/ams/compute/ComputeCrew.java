package io.dicm.ams.compute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Computes the pieces of one piece of work on several threads: whoever is free takes the next one.
 * A matrix product that a native library splits evenly is done when its slowest thread is, which on
 * a machine with other work is late; here a thread that gets less of its processor takes fewer
 * pieces. What a piece computes must not depend on who computes it, so that results do not. Safe
 * for use by many threads.
 */
public final class ComputeCrew implements AutoCloseable {
  private static final ComputeCrew ALONE = new ComputeCrew("", 1);

  private final int threads;
  private final ExecutorService helpers;

  /**
   * @param name of the helping threads, before their number
   * @param threads that compute, 1 or more, the calling one included
   */
  public ComputeCrew(String name, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("Compute threads were " + threads + ", needed 1 or more");
    }
    this.threads = threads;
    this.helpers = threads == 1 ? null : helpers(name, threads - 1);
  }

  /** The calling thread alone; need not be closed. */
  public static ComputeCrew alone() {
    return ALONE;
  }

  /** How many compute, the calling thread included. */
  public int threads() {
    return threads;
  }

  private static ExecutorService helpers(String name, int count) {
    AtomicInteger number = new AtomicInteger();
    return Executors.newFixedThreadPool(
        count,
        task -> {
          Thread thread =
              new Thread(
                  () -> {
                    NativeThreads.useOneHere();
                    task.run();
                  },
                  name + number.getAndIncrement());
          thread.setDaemon(true);
          return thread;
        });
  }

  /** One piece of a range. */
  @FunctionalInterface
  public interface RangeWork {
    /**
     * Computes one piece.
     *
     * @param from its first element
     * @param length how many elements
     */
    void compute(long from, long length);
  }

  /**
   * Splits a range into pieces: one where one thread computes, and otherwise ever smaller ones, so
   * that the last of them keep all threads busy until the end. A piece is one thread's share of
   * what is left: more and smaller ones cost more than they balance, since a product packs one of
   * its matrices anew for each.
   *
   * @param length of the range
   * @param unit the pieces' lengths are multiples of this, but for the last one
   */
  public List<Runnable> pieces(long length, long unit, RangeWork work) {
    if (threads == 1 || length <= unit) {
      return List.of(() -> work.compute(0, length));
    }
    List<Runnable> pieces = new ArrayList<>();
    long from = 0;
    while (from < length) {
      long share = (length - from) / threads;
      long size = Math.min(length - from, Math.max(unit, share / unit * unit));
      long start = from;
      pieces.add(() -> work.compute(start, size));
      from += size;
    }
    return Collections.unmodifiableList(pieces);
  }

  /**
   * Computes a range in equal pieces, one for each thread: for work whose every piece costs
   * something for the whole range too.
   *
   * @param least elements of a piece that are worth a thread
   */
  public void runEqually(int length, int least, RangeWork work) {
    int each = Math.max(least, (length + threads - 1) / threads);
    run(pieces(length, each, work));
  }

  /**
   * Computes all pieces, begun in the order given; returns when all are done, also when interrupted
   * meanwhile: what follows may free what they work on.
   *
   * @throws RuntimeException or an error, the first that a piece threw; pieces not begun by then
   *     are left out
   */
  public void run(List<Runnable> pieces) {
    int helping = Math.min(threads, pieces.size()) - 1;
    if (helping <= 0) {
      pieces.forEach(Runnable::run);
      return;
    }
    Work work = new Work(pieces);
    try {
      for (int i = 0; i < helping; i++) {
        work.hireHelper(helpers);
      }
    } finally {
      // Also when a thread could not be made: helpers hired before it work on the caller's memory.
      work.finish();
    }
  }

  /** One call of {@link #run}. */
  private static final class Work {
    private final List<Runnable> pieces;
    private final AtomicInteger next = new AtomicInteger();
    private final Phaser working = new Phaser(1);
    private volatile Throwable failure;

    Work(List<Runnable> pieces) {
      this.pieces = pieces;
    }

    /** Without a helper the caller does it all. */
    void hireHelper(ExecutorService helpers) {
      try {
        helpers.execute(this::help);
      } catch (RejectedExecutionException e) {
        // The crew is closing.
      }
    }

    /** A helper that comes when all is done finds the phaser's phase over and nothing to do. */
    private void help() {
      if (next.get() < pieces.size() && working.register() == 0) {
        try {
          takePieces();
        } finally {
          working.arriveAndDeregister();
        }
      }
    }

    private void takePieces() {
      for (int i = next.getAndIncrement();
          i < pieces.size() && failure == null;
          i = next.getAndIncrement()) {
        try {
          pieces.get(i).run();
        } catch (RuntimeException | Error e) {
          failed(e);
        }
      }
    }

    private synchronized void failed(Throwable cause) {
      if (failure == null) {
        failure = cause;
      }
    }

    void finish() {
      takePieces();
      // Nobody that registers from now on finds a piece.
      working.arriveAndAwaitAdvance();
      if (failure instanceof Error error) {
        throw error;
      }
      if (failure instanceof RuntimeException exception) {
        throw exception;
      }
    }
  }

  /** Ends the helping threads once their pieces are done. */
  @Override
  public void close() {
    if (helpers != null) {
      helpers.shutdown();
    }
  }
}
