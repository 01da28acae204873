package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes the folder that {@code HADOOP_CONF_DIR} names: what clients, and the sandbox's own
 * daemons, have to agree on.
 */
final class ClientConfiguration {
  private static final String GPU = "yarn.io/gpu";

  private static final String HADOOP = "hadoop";

  private final SandboxDirectory directory;
  private final SandboxSettings settings;
  private final Path hadoopLibraries;

  ClientConfiguration(SandboxDirectory directory, SandboxSettings settings, Path hadoopLibraries) {
    this.directory = directory;
    this.settings = settings;
    this.hadoopLibraries = hadoopLibraries;
  }

  void write() throws IOException {
    Path conf = directory.conf();
    SiteFile.write(conf.resolve("core-site.xml"), core());
    SiteFile.write(conf.resolve("hdfs-site.xml"), hdfs());
    SiteFile.write(conf.resolve("yarn-site.xml"), yarn());
    SiteFile.write(conf.resolve("mapred-site.xml"), mapred());
    SiteFile.write(conf.resolve("dicm-site.xml"), dicm());
    SiteFile.write(conf.resolve("resource-types.xml"), resourceTypes());
    Files.writeString(
        conf.resolve("log4j.properties"),
        """
        # Names as in Hadoop's own file, so that HADOOP_ROOT_LOGGER means the same here.
        hadoop.root.logger=WARN,console
        log4j.rootLogger=${hadoop.root.logger}
        log4j.appender.console=org.apache.log4j.ConsoleAppender
        log4j.appender.console.target=System.err
        log4j.appender.console.layout=org.apache.log4j.PatternLayout
        log4j.appender.console.layout.ConversionPattern=%d{HH:mm:ss} %p %c{1}: %m%n
        # There is no native Hadoop here, and none is missed.
        log4j.logger.org.apache.hadoop.util.NativeCodeLoader=ERROR
        """);
  }

  private Map<String, String> core() {
    Map<String, String> site = new LinkedHashMap<>();
    site.put("fs.defaultFS", settings.hdfsUri());
    site.put("hadoop.tmp.dir", directory.tmp().toString());
    // A daemon that is not there is down, not slow: say so soon.
    site.put("ipc.client.connect.max.retries", "3");
    site.put("ipc.client.connect.retry.interval", "500");
    if (settings.security().kerberos()) {
      site.put("hadoop.security.authentication", "kerberos");
      site.put("hadoop.security.authorization", "true");
    }
    return site;
  }

  private Map<String, String> hdfs() {
    Map<String, String> site = new LinkedHashMap<>();
    site.put("dfs.replication", "1");
    site.put("dfs.namenode.http-address", settings.address(SandboxPort.NAMENODE_WEB));
    if (settings.security().kerberos()) {
      site.put("dfs.namenode.kerberos.principal", settings.security().daemonPrincipal());
      site.put("dfs.datanode.kerberos.principal", settings.security().daemonPrincipal());
      site.put("dfs.block.access.token.enable", "true");
      site.put("dfs.data.transfer.protection", "authentication");
    }
    return site;
  }

  private Map<String, String> yarn() {
    Map<String, String> site = new LinkedHashMap<>();
    site.put("yarn.resourcemanager.hostname", "127.0.0.1");
    site.put("yarn.resourcemanager.address", settings.address(SandboxPort.RESOURCE_MANAGER));
    site.put(
        "yarn.resourcemanager.scheduler.address",
        settings.address(SandboxPort.RESOURCE_MANAGER_SCHEDULER));
    site.put(
        "yarn.resourcemanager.resource-tracker.address",
        settings.address(SandboxPort.RESOURCE_MANAGER_TRACKER));
    site.put(
        "yarn.resourcemanager.admin.address", settings.address(SandboxPort.RESOURCE_MANAGER_ADMIN));
    site.put(
        "yarn.resourcemanager.webapp.address", settings.address(SandboxPort.RESOURCE_MANAGER_WEB));
    site.put("yarn.resourcemanager.am.max-attempts", "2");
    site.put("yarn.scheduler.minimum-allocation-mb", "128");
    site.put("yarn.scheduler.maximum-allocation-mb", Integer.toString(settings.memoryMb()));
    site.put("yarn.scheduler.maximum-allocation-vcores", Integer.toString(settings.vcores()));
    site.put("yarn.log-aggregation-enable", "true");
    site.put("yarn.nodemanager.remote-app-log-dir", "/tmp/logs");
    site.put("yarn.timeline-service.enabled", "false");
    site.put("yarn.client.application-client-protocol.poll-interval-ms", "100");
    site.put("yarn.resourcemanager.connect.max-wait.ms", "10000");
    site.put("yarn.resourcemanager.connect.retry-interval.ms", "1000");
    // As on a real cluster: containers run on the distribution's jars and find its configuration.
    site.put("yarn.application.classpath", directory.conf() + "," + libraries());
    if (settings.gpus() > 0) {
      site.put("yarn.resource-types", GPU);
    }
    if (settings.security().kerberos()) {
      site.put("yarn.resourcemanager.principal", settings.security().daemonPrincipal());
      site.put("yarn.nodemanager.principal", settings.security().daemonPrincipal());
    }
    return site;
  }

  /** With Kerberos the sandbox's own jar, which stands in for native code, comes first. */
  private String libraries() {
    String distribution = hadoopLibraries + "/*";
    return settings.security().kerberos()
        ? Installation.copy(HADOOP, Installation.jarName(HADOOP), directory.run())
            + ","
            + distribution
        : distribution;
  }

  private Map<String, String> mapred() {
    Map<String, String> site = new LinkedHashMap<>();
    site.put("mapreduce.framework.name", "yarn");
    site.put("mapreduce.application.classpath", libraries());
    site.put("mapreduce.jobhistory.address", settings.address(SandboxPort.JOB_HISTORY));
    site.put("mapreduce.jobhistory.webapp.address", settings.address(SandboxPort.JOB_HISTORY_WEB));
    site.put("mapreduce.jobhistory.intermediate-done-dir", "/mr-history/tmp");
    site.put("mapreduce.jobhistory.done-dir", "/mr-history/done");
    site.put("yarn.app.mapreduce.am.staging-dir", "/user");
    site.put("yarn.app.mapreduce.am.resource.mb", "768");
    site.put(
        "yarn.app.mapreduce.am.command-opts", "-Xmx448m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    site.put("yarn.app.mapreduce.am.scheduler.heartbeat.interval-ms", "200");
    site.put("mapreduce.client.progressmonitor.pollinterval", "200");
    site.put("mapreduce.client.completion.pollinterval", "200");
    site.put("mapreduce.job.emit-timeline-data", "false");
    site.put("mapreduce.job.ubertask.enable", "false");
    if (settings.security().kerberos()) {
      site.put("mapreduce.jobhistory.principal", settings.security().daemonPrincipal());
    }
    return site;
  }

  private Map<String, String> dicm() {
    Map<String, String> site = new LinkedHashMap<>();
    if (settings.hive()) {
      site.put("dicm.hive.jdbc-url", settings.jdbcUrl());
      site.put("dicm.hive.user", System.getProperty("user.name"));
      site.put("dicm.hive.functions", "true");
    }
    if (settings.oozie()) {
      site.put("dicm.oozie.url", settings.oozieUrl());
    }
    if (settings.security().kerberos()) {
      String owner = SandboxSecurity.owner();
      site.put("dicm.security.principal", owner + "@" + SandboxSecurity.REALM);
      site.put("dicm.security.keytab", directory.keytab(owner).toString());
    }
    return site;
  }

  private Map<String, String> resourceTypes() {
    return settings.gpus() > 0 ? Map.of("yarn.resource-types", GPU) : Map.of();
  }
}
