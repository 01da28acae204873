package io.dicm.app.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MapReduce jobs of one application. They are applications of their own, known by a tag, and
 * must not outlive ours.
 */
public final class ChildApplications {
  private static final Logger LOG = LoggerFactory.getLogger(ChildApplications.class);
  private static final EnumSet<YarnApplicationState> ALIVE =
      EnumSet.of(
          YarnApplicationState.NEW,
          YarnApplicationState.NEW_SAVING,
          YarnApplicationState.SUBMITTED,
          YarnApplicationState.ACCEPTED,
          YarnApplicationState.RUNNING);

  private static final int POLL_MS = 500;

  private final YarnClient yarn;
  private final String tag;

  /**
   * @param yarn started
   * @param applicationId the parent's
   */
  public ChildApplications(YarnClient yarn, String applicationId) {
    this.yarn = yarn;
    this.tag = "dicm_child_of_" + applicationId;
  }

  /** Makes every MapReduce job of this configuration carry the tag, beside its own ones. */
  public void tag(Configuration conf) {
    String present = conf.get(MRJobConfig.JOB_TAGS, "");
    conf.set(MRJobConfig.JOB_TAGS, present.isEmpty() ? tag : present + "," + tag);
  }

  /** Kills those that are alive; what cannot be killed is only logged. */
  public void kill() {
    killOnce();
  }

  /**
   * Kills those that are alive, again and again until there is none, or until so long.
   *
   * @return whether there is none
   */
  public boolean killAll(Duration limit) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + limit.toNanos();
    while (killOnce() != 0) {
      if (System.nanoTime() > deadlineNanos) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return true;
  }

  /** How many were alive; -1 when that is not known. */
  private int killOnce() {
    try {
      GetApplicationsRequest request = OwnApplications.request();
      request.setApplicationTags(Set.of(tag));
      request.setApplicationStates(ALIVE);
      List<ApplicationReport> alive = yarn.getApplications(request);
      for (ApplicationReport child : alive) {
        LOG.info("Killing {} ({})", child.getApplicationId(), child.getName());
        yarn.killApplication(child.getApplicationId());
      }
      return alive.size();
    } catch (YarnException | IOException e) {
      LOG.warn("Cannot kill the applications with tag {}: {}", tag, e.getMessage());
      return -1;
    }
  }
}
