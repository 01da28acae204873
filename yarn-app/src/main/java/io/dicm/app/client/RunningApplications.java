package io.dicm.app.client;

import io.dicm.app.launch.OwnApplications;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.EnumSet;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.YarnApplicationState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.exceptions.YarnException;

/**
 * This user's applications that have not ended.
 *
 * @param yarn started
 */
public record RunningApplications(YarnClient yarn) {
  /** States of an application that has not ended. */
  static final EnumSet<YarnApplicationState> ALIVE =
      EnumSet.of(
          YarnApplicationState.NEW,
          YarnApplicationState.NEW_SAVING,
          YarnApplicationState.SUBMITTED,
          YarnApplicationState.ACCEPTED,
          YarnApplicationState.RUNNING);

  /**
   * Refuses to start another application of a name that says what is written where. A client that
   * was killed hard leaves one that goes on.
   *
   * @throws DicmException {@link ErrorCode#OUTPUT_EXISTS} with the ID of the one that runs
   */
  public void requireNone(String name) throws IOException, YarnException {
    GetApplicationsRequest request = OwnApplications.request();
    request.setApplicationStates(ALIVE);
    for (ApplicationReport application : yarn.getApplications(request)) {
      if (application.getName().equals(name)) {
        throw new DicmException(
            ErrorCode.OUTPUT_EXISTS,
            "Cannot start '%s': %s, which an earlier command left, makes the same. Wait for its end, or end it: dicm kill %s"
                .formatted(name, application.getApplicationId(), application.getApplicationId()));
      }
    }
  }
}
