package io.dicm.sandbox.control;

/**
 * The ports, all on 127.0.0.1, that stay the same over a stop and a start of one sandbox directory.
 */
public enum SandboxPort {
  NAMENODE("namenode", "the HDFS NameNode"),
  NAMENODE_WEB("namenode-web", "the HDFS NameNode's web page"),
  RESOURCE_MANAGER("resource-manager", "the YARN ResourceManager"),
  RESOURCE_MANAGER_SCHEDULER("resource-manager-scheduler", "the YARN scheduler"),
  RESOURCE_MANAGER_TRACKER("resource-manager-tracker", "the YARN resource tracker"),
  RESOURCE_MANAGER_ADMIN("resource-manager-admin", "the YARN administration service"),
  RESOURCE_MANAGER_WEB("resource-manager-web", "the YARN web page"),
  JOB_HISTORY("job-history", "the MapReduce job history server"),
  JOB_HISTORY_WEB("job-history-web", "the MapReduce job history web page"),
  HIVE("hive", "HiveServer2"),
  OOZIE("oozie", "the Oozie server"),
  KDC("kdc", "the Kerberos server");

  private final String key;
  private final String label;

  SandboxPort(String key, String label) {
    this.key = key;
    this.label = label;
  }

  /** Name in the settings file, after {@code port.}. */
  String key() {
    return key;
  }

  /** Whose port it is, for messages. */
  public String label() {
    return label;
  }
}
