package io.dicm.app.master.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dicm.app.launch.Member;
import io.dicm.app.launch.Role;
import io.dicm.app.master.membership.MemberReport;
import io.dicm.app.master.membership.Membership;
import io.dicm.app.master.membership.Recovery;
import io.dicm.app.rpc.proto.MemberState;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.yarn.api.records.ApplicationAttemptId;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.Container;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.NodeId;
import org.apache.hadoop.yarn.api.records.Priority;
import org.apache.hadoop.yarn.api.records.Resource;
import org.junit.jupiter.api.Test;

class TestGangFailures {
  private static final ApplicationAttemptId ATTEMPT =
      ApplicationAttemptId.newInstance(ApplicationId.newInstance(1, 1), 1);

  private final Membership gang = new Membership(60_000, 5_000, () -> 0);
  private final Map<Member, Container> containers = new LinkedHashMap<>();
  private final List<Set<String>> avoided = new ArrayList<>();

  @Test
  void nodesThatLackAGpusSoftwareAreAvoidedTogether() {
    add(Role.SERVER, 0, "a");
    add(Role.WORKER, 0, "b");
    add(Role.WORKER, 1, "c");
    fails(Role.WORKER, 0, ErrorCode.GPU_UNAVAILABLE);
    fails(Role.WORKER, 1, ErrorCode.GPU_UNAVAILABLE);
    DicmException cause = cause();

    GangOutcome.Failed failed = failures(true).outcome(cause, gang, containers);

    assertThat(failed.cause()).isSameAs(cause);
    assertThat(failed.recovery()).isEqualTo(Recovery.ELSEWHERE);
    assertThat(avoided).containsExactly(Set.of("b", "c"));
  }

  @Test
  void withoutAnotherNodeThereIsNothingToTry() {
    add(Role.PREDICTOR, 0, "a");
    fails(Role.PREDICTOR, 0, ErrorCode.GPU_UNAVAILABLE);

    GangOutcome.Failed failed = failures(false).outcome(cause(), gang, containers);

    assertThat(failed.recovery()).isEqualTo(Recovery.NONE);
    assertThat(failed.cause())
        .hasMessageStartingWith("Without it. (predictor 0, container_1_0001_01_000001");
  }

  @Test
  void otherFailuresLetNodesBe() {
    add(Role.WORKER, 0, "a");
    fails(Role.WORKER, 0, ErrorCode.GPU_FAILED);

    GangOutcome.Failed failed = failures(true).outcome(cause(), gang, containers);

    assertThat(failed.recovery()).isEqualTo(Recovery.RESTART);
    assertThat(avoided).isEmpty();
  }

  private GangFailures failures(boolean othersAreLeft) {
    return new GangFailures(
        hosts -> {
          avoided.add(hosts);
          return othersAreLeft;
        });
  }

  private void add(Role role, int index, String host) {
    Member member = new Member(role, index);
    Container container =
        Container.newInstance(
            ContainerId.newContainerId(ATTEMPT, containers.size() + 1),
            NodeId.newInstance(host, 8041),
            host + ":8042",
            Resource.newInstance(1024, 1),
            Priority.newInstance(1),
            null);
    containers.put(member, container);
    gang.add(container.getId().toString(), member);
  }

  private void fails(Role role, int index, ErrorCode code) {
    gang.heartbeat(
        containers.get(new Member(role, index)).getId().toString(),
        new MemberReport(MemberState.FAILED, "", 0, 0, "", code.name(), "Without it.", 0, -1));
  }

  private DicmException cause() {
    return catchThrowableOfType(DicmException.class, gang::checkFinished);
  }
}
