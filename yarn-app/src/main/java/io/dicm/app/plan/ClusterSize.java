package io.dicm.app.plan;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.ResourceTypeInfo;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all nodes that run have together, in use or not.
 *
 * @param nodes how many
 * @param memoryMb memory that they give to containers, MiB
 * @param vcores virtual cores
 * @param gpus devices of type {@value ContainerSize#GPU}
 */
public record ClusterSize(int nodes, long memoryMb, long vcores, long gpus) {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterSize.class);

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
   * not name GPUs sees none. YARN keeps them once for a process.
   */
  public static void learnResourceTypes(YarnClient yarn) throws IOException {
    List<ResourceTypeInfo> types;
    try {
      types = yarn.getResourceTypeInfo();
    } catch (YarnException e) {
      // Older resource managers and routers do not tell: nothing but GPUs needs it.
      LOG.warn("The resource manager does not tell its resource types: {}", e.getMessage());
      return;
    }
    if (types.isEmpty()) {
      return;
    }
    synchronized (ClusterSize.class) {
      // Replacing them under another thread's hands would break what it reads.
      if (!names(types).equals(names(ResourceUtils.getResourcesTypeInfo()))) {
        ResourceUtils.reinitializeResources(types);
      }
    }
  }

  private static Set<String> names(List<ResourceTypeInfo> types) {
    return types.stream().map(ResourceTypeInfo::getName).collect(Collectors.toSet());
  }
}
