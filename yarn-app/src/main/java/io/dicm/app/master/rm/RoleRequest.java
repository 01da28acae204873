package io.dicm.app.master.rm;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Role;
import io.dicm.app.plan.ContainerSize;
import org.apache.hadoop.yarn.api.records.Resource;

/**
 * Containers of one role that a stage needs.
 *
 * @param role what they do
 * @param count how many
 * @param memory of each
 * @param vcores of each
 * @param gpus of each; 0: none is asked for
 */
public record RoleRequest(Role role, int count, ContainerMemory memory, int vcores, int gpus) {
  /**
   * One of them as YARN is asked for it. GPUs are named only where some are wanted: many clusters
   * do not know the name.
   */
  Resource capability() {
    Resource capability = Resource.newInstance(memory.totalMb(), vcores);
    if (gpus > 0) {
      capability.setResourceValue(ContainerSize.GPU, gpus);
    }
    return capability;
  }

  @Override
  public String toString() {
    String size =
        gpus == 0
            ? "%d MiB and %d vcores".formatted(memory.totalMb(), vcores)
            : "%d MiB, %d vcores and %s"
                .formatted(memory.totalMb(), vcores, ContainerSize.gpusInWords(gpus));
    return "%d %s of %s".formatted(count, role.label() + (count == 1 ? "" : "s"), size);
  }
}
