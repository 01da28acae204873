package io.dicm.app.master.rm;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.yarn.api.records.ContainerExitStatus;

/**
 * Counts what went wrong on which node, and says which ones to avoid: of those that may be at fault
 * never more than a third of the cluster, which is none of two nodes; of those that lack what a
 * container needs all but one. Not safe for use by many threads.
 */
public final class NodeFailures {
  private static final int MOST_FAILURES = 1000;
  private static final int LEAST_UNEXPLAINED = 126;
  private static final int TERMINATED = 143;

  private final int most;
  private final Map<String, Integer> failures = new HashMap<>();
  private final Set<String> avoided = new HashSet<>();

  /**
   * @param most failures on a node after which it is avoided; 0: never
   */
  NodeFailures(int most) {
    this.most = most;
  }

  /** The configured number of failures. */
  public static int most(DicmConfiguration conf) {
    return conf.integer(DicmKeys.YARN_NODE_FAILURES, 0, MOST_FAILURES);
  }

  /**
   * Takes the end of a container.
   *
   * @param host of its node
   * @param exitStatus its process's, or one of {@link ContainerExitStatus}
   * @param nodes of the cluster
   * @return the host when it is to be avoided from now on
   */
  Optional<String> ended(String host, int exitStatus, int nodes) {
    if (most == 0 || !mayBeTheNodes(exitStatus)) {
      return Optional.empty();
    }
    boolean often = failures.merge(host, 1, Integer::sum) >= most;
    return often && avoided.size() < nodes / 3 && avoided.add(host)
        ? Optional.of(host)
        : Optional.empty();
  }

  /**
   * Takes that a node lacks what a container of ours needs: one container says it for all.
   *
   * @param host of the node
   * @param nodes of the cluster
   * @return whether the node is avoided from now on and others are left; false: nodes are never
   *     avoided, or this is the last
   */
  boolean lacks(String host, int nodes) {
    if (most == 0) {
      return false;
    }
    int avoidedWithIt = avoided.size() + (avoided.contains(host) ? 0 : 1);
    if (avoidedWithIt >= nodes) {
      return false;
    }
    avoided.add(host);
    return true;
  }

  /**
   * Our processes give a reason before they end, with a small status. A process that was killed or
   * could not start, and bad disks, may be the node's fault; what the cluster took away is not.
   */
  private static boolean mayBeTheNodes(int exitStatus) {
    return exitStatus == ContainerExitStatus.INVALID
        || exitStatus == ContainerExitStatus.DISKS_FAILED
        || (exitStatus >= LEAST_UNEXPLAINED && exitStatus != TERMINATED);
  }
}
