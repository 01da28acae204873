package io.dicm.app.master.web;

import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.UserGroupInformation;
import org.apache.hadoop.yarn.api.records.ApplicationAccessType;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.server.security.ApplicationACLsManager;

/**
 * Who may see the run, by YARN's own rules: where {@code yarn.acl.enable} is set, the application's
 * owner, its list of viewers and the cluster's administrators. Until the resource manager has told
 * the list of viewers nobody may. Safe for use by many threads.
 */
final class ViewRights {
  private final ApplicationACLsManager rights;
  private final boolean enforced;
  private final ApplicationId application;
  private final String owner;
  private volatile boolean known;

  ViewRights(Configuration conf, ApplicationId application, String owner) {
    this.rights = new ApplicationACLsManager(conf);
    this.enforced = rights.areACLsEnabled();
    this.application = application;
    this.owner = owner;
  }

  /** Takes the lists of users and groups that the application was submitted with. */
  void know(Map<ApplicationAccessType, String> lists) {
    rights.addApplication(application, lists);
    known = true;
  }

  /**
   * Whether somebody may see the run.
   *
   * @param user as the proxy told; nothing where it told none
   */
  boolean mayView(Optional<String> user) {
    if (!known) {
      return false;
    }
    if (!enforced) {
      return true;
    }
    return user.map(UserGroupInformation::createRemoteUser)
        .filter(ugi -> rights.checkAccess(ugi, ApplicationAccessType.VIEW_APP, owner, application))
        .isPresent();
  }
}
