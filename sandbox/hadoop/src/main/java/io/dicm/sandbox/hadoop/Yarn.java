package io.dicm.sandbox.hadoop;

import io.dicm.sandbox.control.SandboxDirectory;
import java.time.Duration;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** A ResourceManager and NodeManagers. */
final class Yarn implements AutoCloseable {
  private final MiniYARNCluster cluster;
  private final int nodes;

  private Yarn(MiniYARNCluster cluster, int nodes) {
    this.cluster = cluster;
    this.nodes = nodes;
  }

  /** Starts and returns when the nodes can take containers. */
  static Yarn start(
      Configuration configuration, SandboxDirectory directory, int nodes, Duration limit)
      throws Exception {
    // Where the mini cluster puts the nodes' local and log folders.
    System.setProperty("test.build.data", directory.yarn().toString());
    MiniYARNCluster cluster = new MiniYARNCluster("sandbox", nodes, 1, 1);
    cluster.init(new YarnConfiguration(configuration));
    cluster.start();
    if (!cluster.waitForNodeManagersToConnect(limit.toMillis())) {
      throw new IllegalStateException(
          "the NodeManagers did not register within %d s".formatted(limit.toSeconds()));
    }
    return new Yarn(cluster, nodes);
  }

  /** Stops the last node, and its containers with it; nothing starts it again. */
  void stopLastNode() {
    cluster.getNodeManager(nodes - 1).stop();
  }

  /** Stops the ResourceManager and starts it again on what it has stored. */
  void restartResourceManager() throws InterruptedException {
    cluster.restartResourceManager(0);
  }

  /** Ends all containers, puts their logs into HDFS, and stops. */
  @Override
  public void close() {
    cluster.stop();
  }
}
