package io.dicm.app.launch;

import io.dicm.common.config.DicmKeys;
import org.apache.hadoop.conf.Configuration;

/** On which nodes an application's containers may run, by role. */
public final class NodeLabels {
  private NodeLabels() {}

  /** The master's node label; empty for the queue's own. */
  public static String master(Configuration conf) {
    return conf.getTrimmed(DicmKeys.YARN_MASTER_NODE_LABEL, "");
  }

  /** A role's node label; empty for the queue's own. */
  public static String of(Configuration conf, Role role) {
    return conf.getTrimmed(key(role), "");
  }

  /** The key that sets a role's node label. */
  public static String key(Role role) {
    return switch (role) {
      case SERVER -> DicmKeys.YARN_SERVER_NODE_LABEL;
      case WORKER -> DicmKeys.YARN_WORKER_NODE_LABEL;
      case PREDICTOR -> DicmKeys.YARN_PREDICTOR_NODE_LABEL;
    };
  }
}
