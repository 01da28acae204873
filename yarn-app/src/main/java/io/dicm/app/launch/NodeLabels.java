package io.dicm.app.launch;

import io.dicm.common.config.DicmKeys;
import org.apache.hadoop.conf.Configuration;

/** On which nodes an application's containers may run, by role. */
public final class NodeLabels {
  private NodeLabels() {}

  /** The application's node label, which its master has; empty for the queue's own. */
  public static String master(Configuration conf) {
    return conf.getTrimmed(DicmKeys.YARN_MASTER_NODE_LABEL, "");
  }

  /**
   * A role's node label; empty for the queue's own. YARN gives the application's to all containers
   * for which none is set.
   */
  public static String of(Configuration conf, Role role) {
    String own = conf.getTrimmed(key(role), "");
    return own.isEmpty() ? master(conf) : own;
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
