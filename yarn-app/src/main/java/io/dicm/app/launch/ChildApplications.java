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
  private final List<String> tags;

  /**
   * Those of all attempts of the parent.
   *
   * @param yarn started
   * @param applicationId the parent's
   */
  public ChildApplications(YarnClient yarn, String applicationId) {
    this.yarn = yarn;
    this.tags = List.of("dicm_child_of_" + applicationId);
  }

  /**
   * Those of one attempt of the parent: one that was replaced must end no job of its successor.
   *
   * @param yarn started
   * @param attempt of the parent, from 1
   */
  public ChildApplications(YarnClient yarn, String applicationId, int attempt) {
    this.yarn = yarn;
    String all = "dicm_child_of_" + applicationId;
    this.tags = List.of(all, all + "_" + attempt);
  }

  /** Makes every MapReduce job of this configuration carry the tags, beside its own ones. */
  public void tag(Configuration conf) {
    String present = conf.get(MRJobConfig.JOB_TAGS, "");
    String own = String.join(",", tags);
    conf.set(MRJobConfig.JOB_TAGS, present.isEmpty() ? own : present + "," + own);
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
      request.setApplicationTags(Set.of(last()));
      request.setApplicationStates(ALIVE);
      List<ApplicationReport> alive = yarn.getApplications(request);
      for (ApplicationReport child : alive) {
        LOG.info("Killing {} ({})", child.getApplicationId(), child.getName());
        yarn.killApplication(child.getApplicationId());
      }
      return alive.size();
    } catch (YarnException | IOException e) {
      LOG.warn("Cannot kill the applications with tag {}: {}", last(), e.getMessage());
      return -1;
    }
  }

  /** The one that means the fewest: YARN finds applications with any of several tags. */
  private String last() {
    return tags.get(tags.size() - 1);
  }
}
