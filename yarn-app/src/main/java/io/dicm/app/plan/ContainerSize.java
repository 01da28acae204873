package io.dicm.app.plan;

import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.ResourceInformation;

/**
 * What one container may have, or a node has.
 *
 * @param memoryMb memory, MiB
 * @param vcores virtual cores
 * @param gpus devices of type {@value #GPU}
 */
public record ContainerSize(long memoryMb, int vcores, long gpus) {
  /** YARN's name of a GPU. */
  public static final String GPU = "yarn.io/gpu";

  /** So many GPUs in a sentence. */
  public static String gpusInWords(long gpus) {
    return gpus + (gpus == 1 ? " GPU" : " GPUs");
  }

  /** YARN's word; without GPUs where this client's resource types do not have them. */
  public static ContainerSize of(Resource resource) {
    long gpus = 0;
    for (ResourceInformation one : resource.getResources()) {
      gpus += one.getName().equals(GPU) ? one.getValue() : 0;
    }
    return new ContainerSize(resource.getMemorySize(), resource.getVirtualCores(), gpus);
  }
}
