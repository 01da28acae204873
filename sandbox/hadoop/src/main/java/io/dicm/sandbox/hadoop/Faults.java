package io.dicm.sandbox.hadoop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Faults of daemons on request, for tests: whoever owns the sandbox's folder makes a file with a
 * fault's name in the folder of faults. It is deleted when that is done, and becomes {@code
 * NAME.failed} with the reason when it could not be.
 */
final class Faults implements AutoCloseable {
  private static final long INTERVAL_MS = 100;
  private static final String FAILED = ".failed";

  private final Path folder;
  private final Map<String, Fault> faults;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::watchUntilClosed, "sandbox-faults");

  /** One fault. */
  @FunctionalInterface
  interface Fault {
    /** Brings it about; returns when it is there. */
    void happen() throws Exception;
  }

  private Faults(Path folder, Map<String, Fault> faults) {
    this.folder = folder;
    this.faults = Map.copyOf(faults);
  }

  /**
   * Watches until closed.
   *
   * @param folder need not be there
   * @param faults by name
   */
  static Faults watch(Path folder, Map<String, Fault> faults) {
    Faults watched = new Faults(folder, faults);
    watched.thread.setDaemon(true);
    watched.thread.start();
    return watched;
  }

  @Override
  public void close() throws InterruptedException {
    closing.countDown();
    thread.join(TimeUnit.SECONDS.toMillis(5));
  }

  private void watchUntilClosed() {
    try {
      do {
        look();
      } while (!closing.await(INTERVAL_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    for (Map.Entry<String, Fault> fault : faults.entrySet()) {
      Path request = folder.resolve(fault.getKey());
      if (Files.exists(request)) {
        happen(fault.getValue(), request);
      }
    }
  }

  private void happen(Fault fault, Path request) {
    try {
      fault.happen();
      Files.delete(request);
    } catch (Exception | LinkageError e) {
      e.printStackTrace(System.err);
      fail(request, e);
    }
  }

  private static void fail(Path request, Throwable cause) {
    try {
      Files.writeString(request.resolveSibling(request.getFileName() + FAILED), cause.toString());
      Files.deleteIfExists(request);
    } catch (IOException e) {
      System.err.println("Cannot tell that " + request + " failed: " + e.getMessage());
    }
  }
}
