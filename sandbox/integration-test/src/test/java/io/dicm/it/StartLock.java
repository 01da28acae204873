package io.dicm.it;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held while a sandbox starts: one that another process's test starts meanwhile could be given the
 * same free port.
 */
final class StartLock implements AutoCloseable {
  private final FileChannel channel;

  private StartLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Waits for the lock.
   *
   * @param folder the same for all tests that run at a time
   */
  static StartLock hold(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            Files.createDirectories(folder).resolve("sandbox-start.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      channel.lock();
      return new StartLock(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
