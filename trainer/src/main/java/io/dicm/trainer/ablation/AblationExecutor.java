package io.dicm.trainer.ablation;

import io.dicm.common.error.DicmException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Does the runs of a plan, some at a time, each after those that it needs. Runs that are done
 * already are left out. After a failure no run is started; those of that moment are waited for.
 */
public final class AblationExecutor {
  private final AblationRunner runner;
  private final AblationProgress progress;
  private final int concurrent;

  /**
   * @param concurrent most runs at a time, 1 or more
   */
  public AblationExecutor(AblationRunner runner, AblationProgress progress, int concurrent) {
    this.runner = runner;
    this.progress = progress;
    this.concurrent = concurrent;
  }

  /**
   * Does all runs. A run lasts as long as its trainings do: there is no limit here, those of the
   * applications end it.
   *
   * @throws DicmException the first failure
   * @throws InterruptedException when interrupted; the runs of that moment are interrupted too
   */
  public void run(List<PlannedRun> runs) throws IOException, InterruptedException {
    AtomicInteger threads = new AtomicInteger();
    ExecutorService pool =
        Executors.newFixedThreadPool(
            concurrent,
            work -> {
              Thread thread = new Thread(work, "ablation-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    try {
      new Progression(pool, runs).run();
    } finally {
      pool.shutdownNow();
    }
  }

  /**
   * How a run ended.
   *
   * @param failure empty when it ended well
   */
  private record Ended(PlannedRun run, Optional<Throwable> failure) {}

  /** One call. For one thread. */
  private final class Progression {
    private final CompletionService<Ended> pool;
    private final List<PlannedRun> waiting;
    private final Set<String> done = new HashSet<>();
    private int running;
    private Throwable failure;

    Progression(ExecutorService pool, List<PlannedRun> runs) {
      this.pool = new ExecutorCompletionService<>(pool);
      this.waiting = new ArrayList<>(runs);
    }

    void run() throws IOException, InterruptedException {
      startWhatCan();
      while (running > 0) {
        ended(take());
        startWhatCan();
      }
      if (failure != null) {
        throwFailure();
      }
      if (!waiting.isEmpty()) {
        throw new IllegalStateException("Runs wait for others that are not planned: " + waiting);
      }
    }

    private void startWhatCan() {
      boolean changed = true;
      while (changed) {
        changed = false;
        for (PlannedRun run : List.copyOf(waiting)) {
          if (failure == null && running < concurrent && done.containsAll(run.after())) {
            waiting.remove(run);
            start(run);
            changed = true;
          }
        }
      }
    }

    private void start(PlannedRun run) {
      try {
        if (runner.isDone(run)) {
          done.add(run.name());
          progress.skipped(run);
          return;
        }
      } catch (IOException | DicmException e) {
        failed(run, e);
        return;
      }
      progress.started(run);
      running++;
      pool.submit(() -> execute(run));
    }

    private Ended execute(PlannedRun run) {
      try {
        runner.run(run);
        return new Ended(run, Optional.empty());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Ended(run, Optional.of(e));
      } catch (Exception | LinkageError e) {
        return new Ended(run, Optional.of(e));
      }
    }

    private Ended take() throws InterruptedException {
      Future<Ended> next = pool.take();
      try {
        return next.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("A run ended in no known way", e);
      }
    }

    private void ended(Ended ended) {
      running--;
      if (ended.failure.isEmpty()) {
        done.add(ended.run.name());
        progress.done(ended.run);
        return;
      }
      failed(ended.run, ended.failure.get());
    }

    private void failed(PlannedRun run, Throwable cause) {
      progress.failed(run, cause);
      if (failure == null) {
        failure = cause;
      }
    }

    private void throwFailure() throws IOException, InterruptedException {
      if (failure instanceof IOException storage) {
        throw storage;
      }
      if (failure instanceof InterruptedException interrupted) {
        throw interrupted;
      }
      if (failure instanceof RuntimeException runtime) {
        throw runtime;
      }
      throw new IllegalStateException("Unexpected: " + failure, failure);
    }
  }
}
