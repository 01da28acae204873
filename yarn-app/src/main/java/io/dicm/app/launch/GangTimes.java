package io.dicm.app.launch;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.time.Duration;

/**
 * The limits that bound every wait for a gang.
 *
 * @param start until all containers are ready
 * @param heartbeatInterval between two words of a container
 * @param silence of a container or of the master, after which the other gives it up
 */
public record GangTimes(Duration start, Duration heartbeatInterval, Duration silence) {
  private static final int MOST_SECONDS = 86_400;

  /** The limits as configured. */
  public static GangTimes of(DicmConfiguration conf) {
    return new GangTimes(
        Duration.ofSeconds(conf.integer(DicmKeys.YARN_GANG_TIMEOUT_SECONDS, 1, MOST_SECONDS)),
        Duration.ofMillis(conf.integer(DicmKeys.YARN_HEARTBEAT_INTERVAL_MS, 10, 60_000)),
        Duration.ofSeconds(conf.integer(DicmKeys.YARN_SILENCE_LIMIT_SECONDS, 1, MOST_SECONDS)));
  }
}
