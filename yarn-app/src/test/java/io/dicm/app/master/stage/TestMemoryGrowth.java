package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.Role;
import io.dicm.app.master.membership.Recovery;
import io.dicm.app.master.rm.RoleRequest;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestMemoryGrowth {
  private static final RoleRequest SERVERS =
      new RoleRequest(Role.SERVER, 2, ContainerMemory.of("server", 1024, 0.25), 1, 2);
  private static final RoleRequest WORKERS =
      new RoleRequest(Role.WORKER, 1, ContainerMemory.of("worker", 1000, 0.4), 1, 0);

  @Test
  void theRoleThatWasShortOfMemoryGetsMoreUntilTheClusterHasNone() {
    MemoryGrowth growth = new MemoryGrowth(1.5, 2048);
    assertThat(growth.applied(SERVERS)).isEqualTo(SERVERS);

    assertThat(growth.recovery(ofServers(Recovery.NONE))).isEqualTo(Recovery.RESTART);
    RoleRequest grown = growth.applied(SERVERS);
    assertThat(grown.memory().totalMb()).isEqualTo(1536);
    assertThat(grown.memory().heapMb()).isEqualTo(384);
    assertThat(grown.count()).isEqualTo(2);
    assertThat(grown.gpus()).isEqualTo(2);
    assertThat(growth.applied(WORKERS)).isEqualTo(WORKERS);

    assertThat(growth.recovery(ofServers(Recovery.NONE))).isEqualTo(Recovery.RESTART);
    assertThat(growth.applied(SERVERS).memory().totalMb()).as("not 2304").isEqualTo(2048);
    assertThat(growth.recovery(ofServers(Recovery.NONE))).isEqualTo(Recovery.NONE);
  }

  @Test
  void nothingGrowsUnlessItIsWanted() {
    MemoryGrowth growth = new MemoryGrowth(1, 2048);

    assertThat(growth.recovery(ofServers(Recovery.NONE))).isEqualTo(Recovery.NONE);
    assertThat(growth.recovery(ofServers(Recovery.RESTART))).isEqualTo(Recovery.RESTART);
    assertThat(growth.applied(SERVERS)).isEqualTo(SERVERS);
  }

  @Test
  void otherFailuresAreNoReasonToGrow() {
    MemoryGrowth growth = new MemoryGrowth(2, 8192);

    assertThat(growth.recovery(new GangOutcome.Failed(died(), Recovery.FREE_RESTART)))
        .isEqualTo(Recovery.FREE_RESTART);
    assertThat(growth.applied(SERVERS)).isEqualTo(SERVERS);
  }

  private static GangOutcome.Failed ofServers(Recovery recovery) {
    return new GangOutcome.Failed(died(), recovery, Optional.of(Role.SERVER));
  }

  private static DicmException died() {
    return new DicmException(ErrorCode.CONTAINER_FAILED, "The container of server 0 ended.");
  }
}
