package io.dicm.sandbox.hive;

import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.SandboxSettings;
import io.dicm.sandbox.control.SiteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The {@code hive-site.xml} of a HiveServer2 that needs no other daemon than HDFS. */
final class HiveConfiguration {
  private final SandboxDirectory directory;
  private final SandboxSettings settings;
  private final Map<String, String> site = new LinkedHashMap<>();

  HiveConfiguration(SandboxDirectory directory, SandboxSettings settings) {
    this.directory = directory;
    this.settings = settings;
  }

  /** Writes it, and the folders that it names. */
  Path write() throws IOException {
    addServer();
    addMetastore();
    addFolders();
    addEngine();
    Path conf = directory.hive().resolve("conf");
    Files.createDirectories(conf);
    Path file = conf.resolve("hive-site.xml");
    SiteFile.write(file, site);
    return file;
  }

  private void addServer() {
    site.put("fs.defaultFS", settings.hdfsUri());
    site.put("hive.server2.thrift.bind.host", "127.0.0.1");
    site.put("hive.server2.thrift.port", Integer.toString(settings.port(SandboxPort.HIVE)));
    site.put("hive.server2.webui.port", "0"); // No web page.
    site.put("hive.server2.authentication", "NONE");
    site.put("hive.server2.enable.doAs", "false");
    site.put("hive.scheduled.queries.executor.enabled", "false");
    site.put("hive.server2.materializedviews.registry.impl", "DUMMY");
    site.put("hive.notification.event.poll.interval", "0s");
  }

  private void addMetastore() {
    site.put("hive.metastore.uris", "");
    site.put("metastore.thrift.uris", "");
    site.put("javax.jdo.option.ConnectionDriverName", "org.apache.derby.jdbc.EmbeddedDriver");
    site.put(
        "javax.jdo.option.ConnectionURL",
        "jdbc:derby:;databaseName=" + directory.hive().resolve("metastore_db") + ";create=true");
    site.put("datanucleus.schema.autoCreateAll", "true");
    site.put("hive.metastore.schema.verification", "false");
    site.put("metastore.schema.verification", "false");
    site.put("hive.metastore.event.db.notification.api.auth", "false");
    site.put("metastore.task.threads.always", "");
    site.put("metastore.task.threads.remote", "");
    site.put("hive.support.concurrency", "false");
    site.put("hive.txn.manager", "org.apache.hadoop.hive.ql.lockmgr.DummyTxnManager");
  }

  private void addFolders() {
    String hdfs = settings.hdfsUri();
    site.put("hive.metastore.warehouse.dir", hdfs + "/warehouse");
    site.put("metastore.warehouse.dir", hdfs + "/warehouse");
    site.put("hive.metastore.warehouse.external.dir", hdfs + "/warehouse");
    site.put("metastore.warehouse.external.dir", hdfs + "/warehouse");
    site.put("hive.exec.scratchdir", hdfs + "/tmp/hive");
    site.put("hive.user.install.directory", hdfs + "/tmp/hive-install");
    site.put("hadoop.tmp.dir", local("tmp"));
    site.put("hive.exec.local.scratchdir", local("scratch"));
    site.put("hive.downloaded.resources.dir", local("resources"));
    site.put("hive.server2.logging.operation.log.location", local("operation-logs"));
    site.put("hive.querylog.location", local("query-logs"));
    site.put("hive.jar.directory", local("jars"));
  }

  private void addEngine() {
    site.put("hive.execution.engine", "tez");
    site.put("tez.local.mode", "true");
    site.put("tez.ignore.lib.uris", "true");
    site.put("tez.runtime.optimize.local.fetch", "true");
    site.put("tez.staging-dir", local("tez"));
    site.put("hive.server2.tez.initialize.default.sessions", "false");
    site.put("hive.fetch.task.conversion", "more");
    site.put("hive.stats.autogather", "false");
  }

  private String local(String folder) {
    return directory.hive().resolve(folder).toString();
  }
}
