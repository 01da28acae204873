package io.dicm.app.doctor;

import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.yarn.api.records.QueueACL;
import org.apache.hadoop.yarn.api.records.QueueInfo;
import org.apache.hadoop.yarn.api.records.QueueState;
import org.apache.hadoop.yarn.api.records.QueueUserACLInfo;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/** Whether the queue is there, runs, and takes applications of this user. */
record QueueCheck(YarnClient yarn, String queue) implements Check {
  @Override
  public String what() {
    return "queue";
  }

  @Override
  public List<Finding> look() throws IOException, YarnException {
    QueueInfo info;
    try {
      info = yarn.getQueueInfo(queue);
    } catch (YarnException e) {
      info = null; // Some schedulers say so of a queue that they do not know.
    }
    if (info == null) {
      return List.of(failed("there is no queue '" + queue + "'"));
    }
    if (info.getQueueState() == QueueState.STOPPED) {
      return List.of(failed("'" + queue + "' is stopped"));
    }
    String state =
        String.format(
            Locale.ROOT,
            "'%s' is %s, %.0f%% of its parent",
            queue,
            info.getQueueState().name().toLowerCase(Locale.ROOT),
            100 * info.getCapacity());
    return List.of(withRights(state));
  }

  private Finding withRights(String state) throws IOException, YarnException {
    List<QueueUserACLInfo> rights =
        yarn.getQueueAclsInfo().stream().filter(info -> isOurs(info.getQueueName())).toList();
    if (rights.isEmpty()) {
      return Finding.warning(
          what(),
          state + "; the scheduler does not tell this user's rights",
          "Ask the cluster's administrators whether you may submit.");
    }
    boolean may =
        rights.stream().anyMatch(info -> info.getUserAcls().contains(QueueACL.SUBMIT_APPLICATIONS));
    return may
        ? Finding.ok(what(), state + ", you may submit")
        : Finding.failed(
            ErrorCode.AUTHENTICATION_FAILED,
            what(),
            state + ", you may not submit",
            "Ask for the right, or choose another queue by " + DicmKeys.YARN_QUEUE + ".");
  }

  /** Schedulers name a queue with or without its parents. */
  private boolean isOurs(String name) {
    return name.equals(queue) || name.endsWith("." + queue) || queue.endsWith("." + name);
  }

  private Finding failed(String value) {
    return Finding.failed(
        ErrorCode.CONFIGURATION_INVALID,
        what(),
        value,
        "Choose another by " + DicmKeys.YARN_QUEUE + "; yarn queue -list all shows them.");
  }
}
