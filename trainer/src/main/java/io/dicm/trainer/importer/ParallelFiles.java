package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.progress.ProgressListener;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does one thing for each of many files in several threads; the first failure ends it. */
final class ParallelFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ParallelFiles.class);
  private static final int THREADS = 4;
  private static final long LONGEST_SILENCE_SECONDS = 300;
  private static final long LONGEST_END_SECONDS = 60;

  private ParallelFiles() {}

  /**
   * Returns, or fails, when no thread works any more.
   *
   * @param note what is done, for progress and thread names
   * @throws DicmException {@link ErrorCode#STORAGE_FAILED} when no file is finished for minutes
   */
  static <T> void forEach(
      List<T> files, FileAction<T> action, String note, ProgressListener progress)
      throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, named(note));
    try {
      ExecutorCompletionService<Void> running = new ExecutorCompletionService<>(threads);
      for (T file : files) {
        running.submit(
            () -> {
              action.run(file);
              return null;
            });
      }
      for (int done = 1; done <= files.size(); done++) {
        join(running.poll(LONGEST_SILENCE_SECONDS, TimeUnit.SECONDS), note);
        progress.progress(done, files.size(), note);
      }
    } finally {
      end(threads, note);
    }
  }

  /** A thread that still wrote would make the directory again that its caller deletes now. */
  private static void end(ExecutorService threads, String note) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(LONGEST_END_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Threads for {} did not end within {} s", note, LONGEST_END_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Future<Void> finished, String note)
      throws IOException, InterruptedException {
    if (finished == null) {
      throw new DicmException(
          ErrorCode.STORAGE_FAILED,
          "Cannot go on with "
              + note
              + ": no file was finished in "
              + LONGEST_SILENCE_SECONDS
              + " s.");
    }
    try {
      finished.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DicmException cause) {
        throw cause;
      }
      throw new IOException("Failed at " + note + ": " + e.getCause().getMessage(), e.getCause());
    }
  }

  private static ThreadFactory named(String note) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "import-" + note + "-" + number.getAndIncrement());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** What to do for one file. */
  @FunctionalInterface
  interface FileAction<T> {
    void run(T file) throws IOException;
  }
}
