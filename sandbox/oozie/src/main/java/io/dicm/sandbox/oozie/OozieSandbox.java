package io.dicm.sandbox.oozie;

import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxSettings;
import io.dicm.sandbox.control.ServiceRunner;
import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.oozie.service.Services;

/** Oozie's engine on a Derby database, with its HTTP API on 127.0.0.1. */
public final class OozieSandbox implements ServiceRunner.SandboxService {
  private static final long POLL_MS = 100;

  private Services engine;
  private OozieWebServer web;

  private OozieSandbox() {}

  /** Runs until told to end; arguments as {@link ServiceRunner#run} takes them. */
  public static void main(String[] arguments) {
    ServiceRunner.run("oozie", new OozieSandbox(), arguments);
  }

  @Override
  public void start(SandboxDirectory directory, SandboxSettings settings, Duration limit)
      throws Exception {
    new OozieConfiguration(directory, settings).write();
    awaitHdfs(directory, limit);
    new LauncherLibrary(settings).upload();
    engine = new Services();
    engine.init();
    web = new OozieWebServer(settings);
    web.start();
  }

  @Override
  public void stop() throws Exception {
    web.stop();
    engine.destroy();
    closeDatabase();
  }

  /** HDFS starts at the same time. */
  private static void awaitHdfs(SandboxDirectory directory, Duration limit)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!Files.exists(directory.hdfsReadyMark())) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new IllegalStateException(
            "HDFS was not ready within %d s".formatted(limit.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  private static void closeDatabase() throws SQLException {
    try {
      DriverManager.getConnection("jdbc:derby:;shutdown=true").close();
    } catch (SQLException e) {
      if (!"XJ015".equals(e.getSQLState())) { // Derby's way to say that it has shut down.
        throw e;
      }
    }
  }
}
