package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/** Keeps two commands from starting or stopping one sandbox at the same time. */
final class SandboxLock {
  private final SandboxDirectory directory;

  SandboxLock(SandboxDirectory directory) {
    this.directory = directory;
  }

  /** What is done under the lock. */
  interface Action<T> {
    T run() throws IOException, InterruptedException, SandboxException;
  }

  /**
   * Does it under the lock, which ends with this process at the latest; refuses when another
   * process has the lock.
   */
  <T> T hold(Action<T> action) throws IOException, InterruptedException, SandboxException {
    try (FileChannel channel =
        FileChannel.open(
            directory.run().resolve("control.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      if (channel.tryLock() == null) {
        throw SandboxException.environment(
            "Cannot change the sandbox in %s: another start or stop of it is under way. Try again when that is done."
                .formatted(directory.root()));
      }
      return action.run();
    }
  }
}
