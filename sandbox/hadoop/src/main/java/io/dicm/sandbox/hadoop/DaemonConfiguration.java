package io.dicm.sandbox.hadoop;

import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxSecurity;
import io.dicm.sandbox.control.SandboxSettings;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;

/** What the daemons are told: the clients' configuration, and beyond it what only daemons read. */
final class DaemonConfiguration {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int HEARTBEAT_MS = 200;

  private final SandboxDirectory directory;
  private final SandboxSettings settings;

  DaemonConfiguration(SandboxDirectory directory, SandboxSettings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  Configuration create() {
    Configuration configuration = new YarnConfiguration(new HdfsConfiguration());
    for (String site :
        new String[] {"core-site.xml", "hdfs-site.xml", "yarn-site.xml", "mapred-site.xml"}) {
      configuration.addResource(new Path(directory.conf().resolve(site).toUri()));
    }
    // The daemons write logs to HDFS while they stop; Hadoop's own exit hook would close their file
    // systems first.
    configuration.setBoolean("fs.automatic.close", false);
    setHdfs(configuration);
    setResources(configuration);
    setRecovery(configuration);
    setScheduler(configuration);
    setNodeManager(configuration);
    setGpus(configuration);
    if (settings.oozie()) {
      setOozie(configuration);
    }
    if (settings.security().kerberos()) {
      setSecurity(configuration);
    }
    return configuration;
  }

  private void setHdfs(Configuration configuration) {
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, directory.hdfs().toString());
    configuration.set("dfs.datanode.address", LOOPBACK + ":0");
    configuration.set("dfs.datanode.http.address", LOOPBACK + ":0");
    configuration.set("dfs.datanode.ipc.address", LOOPBACK + ":0");
    configuration.setInt("dfs.namenode.safemode.extension", 0);
    configuration.setInt("dfs.namenode.handler.count", 4);
    configuration.setLong("dfs.datanode.du.reserved", 0);
  }

  private void setResources(Configuration configuration) {
    configuration.setBoolean("yarn.minicluster.fixed.ports", true);
    // NodeManagers that called the ResourceManager's object would stay with one that was stopped.
    configuration.setBoolean("yarn.minicluster.use-rpc", true);
    configuration.setInt("yarn.nodemanager.resource.memory-mb", settings.memoryMb());
    configuration.setInt(
        "yarn.minicluster.yarn.nodemanager.resource.memory-mb", settings.memoryMb());
    configuration.setInt("yarn.nodemanager.resource.cpu-vcores", settings.vcores());
    // Containers are held to the physical memory that they asked for, as on a real cluster. Virtual
    // memory says nothing of
    // a process that maps native libraries.
    configuration.setBoolean("yarn.minicluster.control-resource-monitoring", true);
    configuration.setBoolean("yarn.nodemanager.pmem-check-enabled", true);
    // By default the node leaves the check to cgroups, which need root and a container executor of
    // their own.
    configuration.setBoolean("yarn.nodemanager.resource.memory.enforced", false);
    configuration.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    configuration.setInt("yarn.nodemanager.container-monitor.interval-ms", 1_000);
  }

  /** A ResourceManager that is started again knows its applications, and they go on. */
  private void setRecovery(Configuration configuration) {
    configuration.setBoolean("yarn.resourcemanager.recovery.enabled", true);
    configuration.set(
        "yarn.resourcemanager.store.class",
        "org.apache.hadoop.yarn.server.resourcemanager.recovery.FileSystemRMStateStore");
    configuration.set(
        "yarn.resourcemanager.fs.state-store.uri",
        directory.yarn().resolve("resource-manager").toUri().toString());
    configuration.setInt("yarn.resourcemanager.work-preserving-recovery.scheduling-wait-ms", 1_000);
  }

  private void setScheduler(Configuration configuration) {
    configuration.setInt("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", HEARTBEAT_MS);
    configuration.set("yarn.scheduler.capacity.root.queues", "default");
    configuration.set("yarn.scheduler.capacity.root.default.capacity", "100");
    configuration.setFloat("yarn.scheduler.capacity.maximum-am-resource-percent", 0.8f);
    configuration.set(
        "yarn.scheduler.capacity.resource-calculator",
        "org.apache.hadoop.yarn.util.resource.DominantResourceCalculator");
    // All nodes are one machine: waiting for a better one would only lose time.
    configuration.setInt("yarn.scheduler.capacity.node-locality-delay", -1);
    configuration.setInt(
        "yarn.scheduler.capacity.per-node-heartbeat.maximum-offswitch-assignments", 100);
  }

  private void setNodeManager(Configuration configuration) {
    configuration.set("yarn.nodemanager.hostname", LOOPBACK);
    configuration.set("yarn.nodemanager.address", LOOPBACK + ":0");
    configuration.set("yarn.nodemanager.localizer.address", LOOPBACK + ":0");
    configuration.set("yarn.nodemanager.webapp.address", LOOPBACK + ":0");
    configuration.set("yarn.nodemanager.collector-service.address", LOOPBACK + ":0");
    // A fullish disk would otherwise make the node unhealthy, and every application would wait for
    // ever.
    configuration.setFloat(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 100f);
    configuration.setLong("yarn.nodemanager.disk-health-checker.min-free-space-per-disk-mb", 0);
    configuration.set("yarn.nodemanager.aux-services", "mapreduce_shuffle");
    configuration.set(
        "yarn.nodemanager.aux-services.mapreduce_shuffle.class",
        "org.apache.hadoop.mapred.ShuffleHandler");
    configuration.setInt("mapreduce.shuffle.port", 0);
    configuration.set("mapreduce.jobhistory.admin.address", LOOPBACK + ":0");
  }

  /**
   * Oozie works in the name of its users, here of the one that started the sandbox alone, and its
   * launchers have a queue of their own.
   */
  private void setOozie(Configuration configuration) {
    String user = System.getProperty("user.name");
    configuration.set("hadoop.proxyuser." + user + ".users", user);
    configuration.set("hadoop.proxyuser." + user + ".hosts", LOOPBACK);
    configuration.set("yarn.scheduler.capacity.root.queues", "default,launchers");
    configuration.set("yarn.scheduler.capacity.root.default.capacity", "80");
    configuration.set("yarn.scheduler.capacity.root.default.maximum-capacity", "100");
    configuration.set("yarn.scheduler.capacity.root.launchers.capacity", "20");
    configuration.set("yarn.scheduler.capacity.root.launchers.maximum-capacity", "50");
    // They are masters, all of them.
    configuration.setFloat(
        "yarn.scheduler.capacity.root.launchers.maximum-am-resource-percent", 1.0f);
  }

  private void setSecurity(Configuration configuration) {
    SandboxSecurity security = settings.security();
    String principal = security.daemonPrincipal();
    String keytab = directory.keytab(Kdc.DAEMONS).toString();
    configuration.set("dfs.namenode.keytab.file", keytab);
    configuration.set("dfs.datanode.keytab.file", keytab);
    configuration.set("dfs.web.authentication.kerberos.principal", security.webPrincipal());
    configuration.set("dfs.web.authentication.kerberos.keytab", keytab);
    // A DataNode on a port that any user may open is trusted by SASL, for which it wants HTTPS too.
    configuration.setBoolean("ignore.secure.ports.for.testing", true);
    configuration.setLong(
        "dfs.namenode.delegation.token.renew-interval", security.tokenRenewalSeconds() * 1000L);
    configuration.setLong(
        "dfs.namenode.delegation.token.max-lifetime", security.tokenLifetimeSeconds() * 1000L);
    configuration.set("yarn.resourcemanager.keytab", keytab);
    configuration.set("yarn.nodemanager.keytab", keytab);
    configuration.set("mapreduce.jobhistory.principal", principal);
    configuration.set("mapreduce.jobhistory.keytab", keytab);
    configuration.setBoolean(
        "yarn.resourcemanager.webapp.delegation-token-auth-filter.enabled", false);
    // Who is known can be held to what he may do.
    configuration.setBoolean("yarn.acl.enable", true);
    configuration.set("yarn.admin.acl", SandboxSecurity.owner());
    configuration.setBoolean("mapreduce.cluster.acls.enabled", true);
    configuration.set("yarn.scheduler.capacity.root.acl_administer_queue", " ");
    configuration.set("yarn.scheduler.capacity.root.default.acl_administer_queue", " ");
    // Containers find the Kerberos server as they would by /etc/krb5.conf on a real node.
    configuration.set(
        "yarn.nodemanager.admin-env",
        "MALLOC_ARENA_MAX=$MALLOC_ARENA_MAX,JDK_JAVA_OPTIONS=-Djava.security.krb5.conf="
            + directory.kerberosConfiguration());
  }

  private void setGpus(Configuration configuration) {
    if (settings.gpus() > 0) {
      configuration.set(
          "yarn.nodemanager.resource-type.yarn.io/gpu", Integer.toString(settings.gpus()));
    }
  }
}
