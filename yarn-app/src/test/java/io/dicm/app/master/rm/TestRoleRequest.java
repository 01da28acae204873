package io.dicm.app.master.rm;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Role;
import io.dicm.app.plan.WithGpus;
import org.apache.hadoop.yarn.api.records.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

class TestRoleRequest {
  private static final ContainerMemory MEMORY = ContainerMemory.of("worker", 2048, 0.4);

  /** On a cluster that does not know them, naming them even with 0 would be an error. */
  @Test
  void gpusAreNotNamedUnlessAskedFor() {
    RoleRequest request = new RoleRequest(Role.WORKER, 2, MEMORY, 3, 0);

    assertThat(request.capability()).isEqualTo(Resource.newInstance(2048, 3));
    assertThat(request).hasToString("2 workers of 2048 MiB and 3 vcores");
  }

  @Test
  @ExtendWith(WithGpus.class)
  void gpusAreAskedFor() {
    RoleRequest request = new RoleRequest(Role.WORKER, 1, MEMORY, 3, 2);

    assertThat(request.capability()).isEqualTo(WithGpus.resource(2048, 3, 2));
    assertThat(request).hasToString("1 worker of 2048 MiB, 3 vcores and 2 GPUs");
  }
}
