package io.dicm.app.master.history;

import io.dicm.common.json.JsonFiles;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a file in the staging directory that tells the client how far the run is; written again,
 * from a thread of its own, whenever that changed.
 */
public final class StatusFile implements AutoCloseable {
  /** The file's name in the staging directory. */
  public static final String NAME = "status.json";

  private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);
  private static final int INTERVAL_MS = 700;
  private static final int CLOSE_TIMEOUT_MS = 5000;

  private final Configuration conf;
  private final Path file;
  private final RunHistory history;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::writeUntilClosed, "dicm-status-file");
  private RunSnapshot written;

  public StatusFile(Configuration conf, Path stagingDirectory, RunHistory history) {
    this.conf = conf;
    this.file = new Path(stagingDirectory, NAME);
    this.history = history;
  }

  /** Starts to write. */
  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Writes the last state and ends. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(CLOSE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    write();
  }

  private void writeUntilClosed() {
    try {
      do {
        write();
      } while (!closing.await(INTERVAL_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void write() {
    RunSnapshot now = history.snapshot();
    if (now.equals(written)) {
      return;
    }
    Path unfinished = file.suffix(".tmp");
    try {
      new JsonFiles(conf).write(unfinished, now);
      FileContext.getFileContext(file.toUri(), conf).rename(unfinished, file, Rename.OVERWRITE);
      written = now;
    } catch (IOException e) {
      // The run goes on; only the client's bar stands still.
      LOG.warn("Cannot write {}: {}", file, e.getMessage());
    }
  }
}
