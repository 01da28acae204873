package io.dicm.app.launch;

import io.dicm.common.config.DicmKeys;
import java.util.EnumMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapreduce.MRJobConfig;
import org.apache.hadoop.yarn.api.records.ApplicationAccessType;

/**
 * Who besides its owner and the cluster's administrators may see or end an application. YARN has it
 * from every container, since a node manager knows no other.
 */
public final class AccessControl {
  private AccessControl() {}

  /** Lists as YARN takes them; what is not configured is left out. */
  public static Map<ApplicationAccessType, String> of(Configuration conf) {
    Map<ApplicationAccessType, String> lists = new EnumMap<>(ApplicationAccessType.class);
    add(lists, ApplicationAccessType.VIEW_APP, conf.get(DicmKeys.YARN_VIEW_ACL, ""));
    add(lists, ApplicationAccessType.MODIFY_APP, conf.get(DicmKeys.YARN_MODIFY_ACL, ""));
    return lists;
  }

  /** Gives MapReduce jobs of a configuration the same lists, unless it has others for them. */
  public static void addToJobs(Configuration conf) {
    Map<ApplicationAccessType, String> lists = of(conf);
    setUnlessSet(conf, MRJobConfig.JOB_ACL_VIEW_JOB, lists.get(ApplicationAccessType.VIEW_APP));
    setUnlessSet(conf, MRJobConfig.JOB_ACL_MODIFY_JOB, lists.get(ApplicationAccessType.MODIFY_APP));
  }

  private static void add(
      Map<ApplicationAccessType, String> lists, ApplicationAccessType type, String list) {
    // A leading blank means that there are groups alone.
    if (!list.isBlank()) {
      lists.put(type, list);
    }
  }

  private static void setUnlessSet(Configuration conf, String key, String list) {
    // Hadoop's own default is one blank: nobody.
    if (list != null && conf.get(key, "").isBlank()) {
      conf.set(key, list);
    }
  }
}
