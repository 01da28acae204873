package io.dicm.app.master.rm;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Role;

/**
 * Containers of one role that a stage needs.
 *
 * @param role what they do
 * @param count how many
 * @param memory of each
 * @param vcores of each
 */
public record RoleRequest(Role role, int count, ContainerMemory memory, int vcores) {
  @Override
  public String toString() {
    return "%d %s of %d MiB and %d vcores"
        .formatted(count, role.label() + (count == 1 ? "" : "s"), memory.totalMb(), vcores);
  }
}
