package io.dicm.sandbox.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for HDFS and YARN, or for HiveServer2: takes its port and behaves as the environment
 * says.
 */
public final class StandInService implements ServiceRunner.SandboxService {
  /** Environment variable: service name and behavior, such as {@code hive:crash}. */
  public static final String BEHAVIOR = "STAND_IN_BEHAVIOR";

  private final String name;
  private final SandboxPort port;
  private ServerSocket socket;

  public StandInService(String name, SandboxPort port) {
    this.name = name;
    this.port = port;
  }

  @Override
  public void start(SandboxDirectory directory, SandboxSettings settings, Duration limit)
      throws Exception {
    String behavior = System.getenv().getOrDefault(BEHAVIOR, "");
    if (behavior.equals(name + ":crash")) {
      throw new IOException(
          "Could not start", new IllegalStateException("the disk is made of cheese"));
    }
    socket = new ServerSocket();
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port(port)));
    if (behavior.equals(name + ":hang")) {
      TimeUnit.HOURS.sleep(1);
    }
  }

  @Override
  public void stop() throws Exception {
    if (System.getenv().getOrDefault(BEHAVIOR, "").equals(name + ":slow-stop")) {
      TimeUnit.SECONDS.sleep(2);
    }
    socket.close();
    System.err.println("stopped in order");
  }

  @Override
  public void cleanUp(SandboxDirectory directory) throws Exception {
    if (port == SandboxPort.NAMENODE) {
      new LeftoverProcesses(directory).killAll();
    }
  }
}
