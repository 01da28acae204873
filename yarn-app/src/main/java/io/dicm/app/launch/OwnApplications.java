package io.dicm.app.launch;

import java.io.IOException;
import java.util.Set;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.protocolrecords.GetApplicationsRequest;

/**
 * Asks YARN for the applications of this process's user. Its own scope for that compares the
 * login's full name, with a Kerberos realm, with the short name under which it keeps applications:
 * it would find none.
 */
public final class OwnApplications {
  private OwnApplications() {}

  /** A request to which tags, types and states may be added. */
  public static GetApplicationsRequest request() throws IOException {
    GetApplicationsRequest request = GetApplicationsRequest.newInstance();
    request.setUsers(Set.of(UserGroupInformation.getCurrentUser().getShortUserName()));
    return request;
  }
}
