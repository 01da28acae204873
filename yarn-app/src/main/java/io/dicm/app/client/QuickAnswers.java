package io.dicm.app.client;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * Makes Hadoop's clients give up after seconds where they would try for a quarter of an hour: for
 * commands that only look.
 */
public final class QuickAnswers {
  private static final Map<String, String> LIMITS =
      Map.of(
          "yarn.resourcemanager.connect.max-wait.ms", "2000",
          "yarn.resourcemanager.connect.retry-interval.ms", "500",
          "yarn.client.failover-max-attempts", "3",
          "dfs.client.failover.max.attempts", "3",
          "ipc.client.connect.max.retries", "1",
          "ipc.client.connect.retry.interval", "500",
          "ipc.client.connect.max.retries.on.timeouts", "1",
          "ipc.client.connect.timeout", "5000");

  private QuickAnswers() {}

  /** A copy of a configuration with short waits. */
  public static Configuration of(Configuration conf) {
    Configuration quick = new Configuration(conf);
    LIMITS.forEach(quick::set);
    return quick;
  }
}
