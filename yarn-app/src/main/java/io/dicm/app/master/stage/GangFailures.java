package io.dicm.app.master.stage;

import io.dicm.app.launch.Member;
import io.dicm.app.master.membership.Membership;
import io.dicm.app.master.membership.Recovery;
import io.dicm.common.error.DicmException;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.yarn.api.records.Container;

/**
 * What follows from a gang's failure: where nodes lack what their containers need, the next gang
 * has to be elsewhere, and if there is no elsewhere there is no next gang. For one thread.
 */
final class GangFailures {
  private final Predicate<Set<String>> avoid;

  /**
   * @param avoid given the hosts of nodes to be avoided from now on; false when that cannot be,
   *     since no other node would be left
   */
  GangFailures(Predicate<Set<String>> avoid) {
    this.avoid = avoid;
  }

  /**
   * How the gang ended.
   *
   * @param cause of its end
   * @param membership after its end: until then members may tell of their nodes
   * @param containers of its members
   */
  GangOutcome.Failed outcome(
      DicmException cause, Membership membership, Map<Member, Container> containers) {
    Recovery recovery = membership.recoveryFrom(cause);
    if (recovery == Recovery.ELSEWHERE) {
      Set<String> unfit = unfit(membership, containers);
      if (unfit.isEmpty() || !avoid.test(unfit)) {
        recovery = Recovery.NONE;
      }
    }
    return new GangOutcome.Failed(cause, recovery, membership.shortOfMemory(cause));
  }

  private static Set<String> unfit(Membership membership, Map<Member, Container> containers) {
    return membership.members().stream()
        .filter(seen -> seen.report().needsAnotherNode())
        .map(seen -> containers.get(seen.member()).getNodeId().getHost())
        .collect(Collectors.toSet());
  }
}
