package io.dicm.sandbox.hadoop;

import io.dicm.sandbox.control.SandboxDirectory;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** A ResourceManager and a NodeManager. */
final class Yarn implements AutoCloseable {
  private final MiniYARNCluster cluster;

  private Yarn(MiniYARNCluster cluster) {
    this.cluster = cluster;
  }

  /** Starts and returns when the node can take containers. */
  static Yarn start(Configuration configuration, SandboxDirectory directory, Duration limit)
      throws Exception {
    // Where the mini cluster puts the node's local and log folders.
    System.setProperty("test.build.data", directory.yarn().toString());
    MiniYARNCluster cluster = new MiniYARNCluster("sandbox", 1, 1, 1);
    cluster.init(new YarnConfiguration(configuration));
    cluster.start();
    if (!cluster.waitForNodeManagersToConnect(limit.toMillis())) {
      throw new IllegalStateException(
          "the NodeManager did not register within %d s".formatted(limit.toSeconds()));
    }
    return new Yarn(cluster);
  }

  /** Ends all containers, puts their logs into HDFS, and stops. */
  @Override
  public void close() {
    cluster.stop();
  }
}
