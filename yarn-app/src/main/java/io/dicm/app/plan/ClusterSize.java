package io.dicm.app.plan;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;

/**
 * What all nodes that run have together, in use or not.
 *
 * @param nodes how many
 * @param memoryMb memory that they give to containers, MiB
 * @param vcores virtual cores
 * @param gpus devices of type {@value ContainerSize#GPU}
 */
public record ClusterSize(int nodes, long memoryMb, long vcores, long gpus) {
  /** Asks the resource manager. */
  public static ClusterSize of(YarnClient yarn) throws IOException, YarnException {
    long memoryMb = 0;
    long vcores = 0;
    long gpus = 0;
    List<NodeReport> nodes = yarn.getNodeReports(NodeState.RUNNING);
    for (NodeReport node : nodes) {
      ContainerSize size = ContainerSize.of(node.getCapability());
      memoryMb += size.memoryMb();
      vcores += size.vcores();
      gpus += size.gpus();
    }
    return new ClusterSize(nodes.size(), memoryMb, vcores, gpus);
  }

  /**
   * Takes the cluster's resource types into this process: without them a client whose own files do
   * not name GPUs sees none.
   */
  public static void learnResourceTypes(YarnClient yarn) throws IOException, YarnException {
    ResourceUtils.reinitializeResources(yarn.getResourceTypeInfo());
  }
}
