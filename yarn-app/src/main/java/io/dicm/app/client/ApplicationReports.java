package io.dicm.app.client;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks YARN for an application's report now and then. A few failures in a row are waited out,
 * beyond those that Hadoop's own client waits out: the application runs on whether it can be asked
 * or not. For one thread.
 */
final class ApplicationReports {
  private static final Logger LOG = LoggerFactory.getLogger(ApplicationReports.class);
  private static final int MOST_FAILURES = 5;

  private final YarnClient yarn;
  private final ApplicationId id;
  private final Duration interval;

  ApplicationReports(YarnClient yarn, ApplicationId id, Duration interval) {
    this.yarn = yarn;
    this.id = id;
    this.interval = interval;
  }

  /**
   * The report of now.
   *
   * @throws DicmException {@link ErrorCode#CLIENT_GAVE_UP} when YARN does not answer
   */
  ApplicationReport next() throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        return yarn.getApplicationReport(id);
      } catch (IOException | YarnException e) {
        LOG.debug("No report this time", e);
        if (failures == MOST_FAILURES) {
          throw gaveUp(id, e);
        }
      }
      pause();
    }
  }

  void pause() throws InterruptedException {
    Thread.sleep(interval.toMillis());
  }

  /** The application cannot be followed, which says nothing about it. */
  static DicmException gaveUp(ApplicationId id, Exception cause) {
    String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    return new DicmException(
        ErrorCode.CLIENT_GAVE_UP,
        "Cannot follow %s any longer, it goes on as far as is known: %s. Watch it: dicm status %s; end it: dicm kill %s"
            .formatted(id, reason, id, id),
        cause);
  }
}
