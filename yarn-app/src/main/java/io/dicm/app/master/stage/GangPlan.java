package io.dicm.app.master.stage;

import io.dicm.app.launch.Role;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.app.rpc.proto.Assignment;
import io.dicm.trainer.lease.LeaseLedger;
import java.util.List;
import java.util.Optional;

/**
 * A gang of containers and what it has to do.
 *
 * @param requests the containers
 * @param threads compute threads of each
 * @param work what the members are told, but for numbers of members and times: those are the gang's
 * @param leases of the samples; nothing where each member reads an equal share
 */
record GangPlan(
    List<RoleRequest> requests, int threads, Assignment work, Optional<LeaseLedger> leases) {
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
