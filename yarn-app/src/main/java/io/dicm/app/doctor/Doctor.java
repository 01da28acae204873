package io.dicm.app.doctor;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs all checks at a time; none waits for another, and none stops another by failing. */
public final class Doctor {
  private static final String NO_SERVICE =
      "Look whether the service runs, and whether HADOOP_CONF_DIR is the right one.";

  /** Hadoop ends messages with the address of a page. */
  private static final String FURTHER_READING = ";? *For more details see:.*";

  private final List<Check> checks;

  public Doctor(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  /** The findings of all checks, in the checks' order; at least one of each. */
  public List<Finding> examine() throws InterruptedException {
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "doctor");
              thread.setDaemon(true);
              return thread;
            });
    try {
      long start = System.nanoTime();
      List<Future<List<Finding>>> running = new ArrayList<>();
      for (Check check : checks) {
        running.add(threads.submit(check::look));
      }
      List<Finding> findings = new ArrayList<>();
      for (int i = 0; i < checks.size(); i++) {
        findings.addAll(findings(checks.get(i), running.get(i), start));
      }
      return findings;
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Finding> findings(Check check, Future<List<Finding>> running, long startNs)
      throws InterruptedException {
    long left = check.limit().toNanos() - (System.nanoTime() - startNs);
    try {
      return running.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      running.cancel(true);
      return List.of(
          Finding.failed(
              ErrorCode.SERVICE_UNAVAILABLE,
              check.what(),
              "no answer within " + check.limit().toSeconds() + " s",
              NO_SERVICE));
    } catch (ExecutionException e) {
      return List.of(failure(check, e.getCause()));
    }
  }

  private static Finding failure(Check check, Throwable cause) {
    if (cause instanceof DicmException known) {
      return Finding.failed(check.what(), known);
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    return Finding.failed(
        ErrorCode.SERVICE_UNAVAILABLE,
        check.what(),
        message
            .lines()
            .findFirst()
            .map(line -> line.replaceFirst(FURTHER_READING, ""))
            .orElse(cause.getClass().getSimpleName()),
        cause instanceof IOException ? NO_SERVICE : "");
  }
}
