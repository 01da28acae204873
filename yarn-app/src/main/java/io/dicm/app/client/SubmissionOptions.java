package io.dicm.app.client;

import io.dicm.app.launch.NodeLabels;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.util.StringUtils;
import org.apache.hadoop.yarn.api.records.ApplicationSubmissionContext;
import org.apache.hadoop.yarn.api.records.ApplicationTimeoutType;
import org.apache.hadoop.yarn.api.records.Priority;

/**
 * How YARN is asked to treat an application as a whole.
 *
 * @param queue in which it waits and runs
 * @param priority in the queue; more comes first
 * @param tags by which YARN can find it and its MapReduce jobs
 * @param lifetime from submission to end; zero for no limit
 * @param masterAttempts starts of the master
 * @param failureWindow in which failed starts count; zero for all time
 * @param masterLabel node label of the master; empty for the queue's own
 */
record SubmissionOptions(
    String queue,
    int priority,
    Set<String> tags,
    Duration lifetime,
    int masterAttempts,
    Duration failureWindow,
    String masterLabel) {
  private static final int MOST_PRIORITY = 1_000_000;
  private static final int MOST_ATTEMPTS = 100;

  /** YARN's own limits. */
  private static final Pattern TAG = Pattern.compile("[\\x21-\\x7e]{1,100}");

  SubmissionOptions {
    tags = Set.copyOf(tags);
  }

  /**
   * As configured.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with key, value and range
   */
  static SubmissionOptions of(DicmConfiguration conf) {
    return new SubmissionOptions(
        conf.required(DicmKeys.YARN_QUEUE),
        conf.integer(DicmKeys.YARN_PRIORITY, 0, MOST_PRIORITY),
        tags(conf),
        seconds(conf, DicmKeys.YARN_LIFETIME_SECONDS),
        conf.integer(DicmKeys.YARN_MASTER_MAX_ATTEMPTS, 1, MOST_ATTEMPTS),
        seconds(conf, DicmKeys.YARN_MASTER_FAILURE_WINDOW_SECONDS),
        NodeLabels.master(conf.hadoop()));
  }

  /** Sets all but the tags, of which a submission may have more. */
  void addTo(ApplicationSubmissionContext context) {
    context.setQueue(queue);
    context.setPriority(Priority.newInstance(priority));
    context.setMaxAppAttempts(masterAttempts);
    if (!failureWindow.isZero()) {
      context.setAttemptFailuresValidityInterval(failureWindow.toMillis());
    }
    if (!lifetime.isZero()) {
      context.setApplicationTimeouts(Map.of(ApplicationTimeoutType.LIFETIME, lifetime.toSeconds()));
    }
    if (!masterLabel.isEmpty()) {
      context.setNodeLabelExpression(masterLabel);
    }
  }

  private static Set<String> tags(DicmConfiguration conf) {
    Set<String> tags = new TreeSet<>();
    for (String tag : StringUtils.getTrimmedStrings(conf.text(DicmKeys.YARN_TAGS))) {
      if (!TAG.matcher(tag).matches()) {
        throw new DicmException(
            ErrorCode.CONFIGURATION_INVALID,
            "Cannot use %s: tag '%s' is not 1 to 100 ASCII characters without blanks."
                .formatted(DicmKeys.YARN_TAGS, tag));
      }
      tags.add(tag);
    }
    return tags;
  }

  private static Duration seconds(DicmConfiguration conf, String key) {
    return Duration.ofSeconds(conf.integer(key, 0, (int) TimeUnit.DAYS.toSeconds(3650)));
  }
}
