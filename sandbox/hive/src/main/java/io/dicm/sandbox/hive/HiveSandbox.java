package io.dicm.sandbox.hive;

import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.SandboxSettings;
import io.dicm.sandbox.control.ServiceRunner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.hive.conf.HiveConf;
import org.apache.hive.service.server.HiveServer2;

/**
 * HiveServer2 with an embedded metastore in Derby; queries run in this process by Tez in local
 * mode.
 */
public final class HiveSandbox implements ServiceRunner.SandboxService {
  private static final long POLL_MS = 100;

  private HiveServer2 server;

  private HiveSandbox() {}

  /** Runs until told to end; arguments as {@link ServiceRunner#run} takes them. */
  public static void main(String[] arguments) {
    ServiceRunner.run("hive", new HiveSandbox(), arguments);
  }

  @Override
  public void start(SandboxDirectory directory, SandboxSettings settings, Duration limit)
      throws Exception {
    System.setProperty("derby.system.home", directory.hive().toString());
    Path site = new HiveConfiguration(directory, settings).write();
    HiveConf.setHiveSiteLocation(site.toUri().toURL());
    HiveConf configuration = new HiveConf();
    // HDFS starts at the same time.
    await(limit, "HDFS was not ready", () -> Files.exists(directory.hdfsReadyMark()));
    server = new HiveServer2();
    server.init(configuration);
    server.start();
    // HiveServer2 opens its port in the background.
    int port = settings.port(SandboxPort.HIVE);
    await(limit, "nothing listened at port " + port, () -> isOpen(port));
  }

  @Override
  public void stop() throws Exception {
    server.stop();
    closeMetastore();
  }

  private static void closeMetastore() throws SQLException {
    try {
      DriverManager.getConnection("jdbc:derby:;shutdown=true").close();
    } catch (SQLException e) {
      if (!"XJ015".equals(e.getSQLState())) { // Derby's way to say that it has shut down.
        throw e;
      }
    }
  }

  private static void await(Duration limit, String complaint, BooleanSupplier condition)
      throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new IllegalStateException("%s within %d s".formatted(complaint, limit.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
  }

  private static boolean isOpen(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) POLL_MS);
      return true;
    } catch (IOException e) {
      return false; // Not yet.
    }
  }
}
