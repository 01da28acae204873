package io.dicm.app.client;

import java.io.IOException;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tidies up should a signal end the process between its making and its closing. */
final class SignalCleanup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SignalCleanup.class);

  /** Before Hadoop closes its file systems (10). */
  private static final int HOOK_PRIORITY = 50;

  private final Work work;
  private final Runnable hook = this::tidy;

  /** What is done. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, YarnException;
  }

  SignalCleanup(Work work) {
    this.work = work;
    ShutdownHookManager.get().addShutdownHook(hook, HOOK_PRIORITY);
  }

  private void tidy() {
    try {
      work.run();
    } catch (IOException | YarnException e) {
      LOG.warn("Cannot tidy up: {}", e.getMessage()); // The process ends all the same.
    }
  }

  @Override
  public void close() {
    if (!ShutdownHookManager.get().isShutdownInProgress()) {
      ShutdownHookManager.get().removeShutdownHook(hook);
    }
  }
}
