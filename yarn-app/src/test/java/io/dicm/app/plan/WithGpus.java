package io.dicm.app.plan;

import io.dicm.app.client.SubmissionYarnClient;
import java.util.List;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.ResourceTypeInfo;
import org.apache.hadoop.yarn.util.resource.ResourceUtils;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Lets this process know {@code yarn.io/gpu} during a test, as that of a cluster with GPUs. */
public final class WithGpus implements BeforeEachCallback, AfterEachCallback {
  private List<ResourceTypeInfo> before;

  @Override
  public void beforeEach(ExtensionContext context) {
    before = ResourceUtils.getResourcesTypeInfo();
    ResourceUtils.reinitializeResources(
        List.of(
            ResourceTypeInfo.newInstance("memory-mb", "Mi"),
            ResourceTypeInfo.newInstance("vcores"),
            ResourceTypeInfo.newInstance(ContainerSize.GPU)));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    ResourceUtils.reinitializeResources(before);
  }

  /** What a container or a node has. */
  public static Resource resource(long memoryMb, int vcores, long gpus) {
    Resource resource = Resource.newInstance(memoryMb, vcores);
    resource.setResourceValue(ContainerSize.GPU, gpus);
    return resource;
  }

  /** A node of its own for each size. */
  public static NodeReport node(int memoryMb, long gpus) {
    NodeReport node = SubmissionYarnClient.node(memoryMb);
    node.setCapability(resource(memoryMb, 4, gpus));
    return node;
  }
}
