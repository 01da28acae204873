package io.dicm.app.master.stage;

import io.dicm.app.launch.Role;
import io.dicm.app.master.rm.RoleRequest;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * A gang of containers that fills one directory.
 *
 * @param requests the containers
 * @param threads compute threads of each
 * @param outputDirectory a staging directory
 * @param extractorId whose vectors the servers load; empty without servers
 */
record GangPlan(List<RoleRequest> requests, int threads, Path outputDirectory, String extractorId) {
  GangPlan {
    requests = List.copyOf(requests);
  }

  int count(Role role) {
    return requests.stream()
        .filter(request -> request.role() == role)
        .mapToInt(RoleRequest::count)
        .sum();
  }

  RoleRequest request(Role role) {
    return requests.stream().filter(request -> request.role() == role).findFirst().orElseThrow();
  }
}
