package io.dicm.sandbox.oozie;

import io.dicm.sandbox.control.SandboxDirectory;
import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.SandboxSettings;
import io.dicm.sandbox.control.SiteFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The {@code oozie-site.xml} of an engine that is a client of the sandbox's HDFS and YARN, and the
 * system properties by which Oozie finds it.
 */
final class OozieConfiguration {
  private static final String LOG_FILE = "oozie-log4j.properties";
  private static final String CHECK_SECONDS = "5";

  private final SandboxDirectory directory;
  private final SandboxSettings settings;
  private final Path conf;
  private final Map<String, String> site = new LinkedHashMap<>();

  OozieConfiguration(SandboxDirectory directory, SandboxSettings settings) {
    this.directory = directory;
    this.settings = settings;
    this.conf = directory.oozie().resolve("conf");
  }

  /** Writes it, makes the folders that it names, and sets the system properties. */
  void write() throws IOException {
    for (String folder : new String[] {"conf/action-conf", "data"}) {
      Files.createDirectories(directory.oozie().resolve(folder));
    }
    addServer();
    addDatabase();
    addCluster();
    addPace();
    SiteFile.write(conf.resolve("oozie-site.xml"), site);
    try (InputStream log = getClass().getResourceAsStream("/log4j.properties")) {
      Files.copy(log, conf.resolve(LOG_FILE), StandardCopyOption.REPLACE_EXISTING);
    }
    setSystemProperties();
  }

  private void addServer() {
    String url = settings.oozieUrl();
    site.put("oozie.base.url", url);
    site.put("oozie.service.CallbackService.base.url", url + "callback");
    site.put("oozie.http.hostname", "127.0.0.1");
    site.put(
        "oozie.http.port", Integer.toString(settings.port(SandboxPort.OOZIE))); // Of its addresses.
    site.put("oozie.authentication.type", "simple");
    site.put("oozie.authentication.simple.anonymous.allowed", "false");
    site.put("oozie.systemmode", "NORMAL");
    // Those whose classes are here; the others need Hive's, Pig's and Spark's libraries.
    site.put(
        "oozie.service.ActionService.executor.classes",
        String.join(
            ",",
            "org.apache.oozie.action.decision.DecisionActionExecutor",
            "org.apache.oozie.action.hadoop.JavaActionExecutor",
            "org.apache.oozie.action.hadoop.FsActionExecutor",
            "org.apache.oozie.action.hadoop.MapReduceActionExecutor",
            "org.apache.oozie.action.hadoop.ShellActionExecutor",
            "org.apache.oozie.action.oozie.SubWorkflowActionExecutor",
            "org.apache.oozie.action.email.EmailActionExecutor"));
  }

  private void addDatabase() {
    site.put("oozie.service.JPAService.create.db.schema", "true");
    site.put("oozie.service.JPAService.jdbc.driver", "org.apache.derby.jdbc.EmbeddedDriver");
    site.put(
        "oozie.service.JPAService.jdbc.url",
        "jdbc:derby:" + directory.oozie().resolve("data/database") + ";create=true");
    site.put("oozie.service.JPAService.jdbc.username", "sa");
    site.put("oozie.service.JPAService.jdbc.password", " ");
  }

  private void addCluster() {
    site.put("oozie.service.HadoopAccessorService.hadoop.configurations", "*=" + directory.conf());
    site.put(
        "oozie.service.HadoopAccessorService.action.configurations",
        "*=" + conf.resolve("action-conf"));
    site.put("oozie.service.HadoopAccessorService.supported.filesystems", "hdfs");
    site.put(
        "oozie.service.WorkflowAppService.system.libpath",
        settings.hdfsUri() + LauncherLibrary.ROOT);
  }

  /** A real server looks every minute or less often. */
  private void addPace() {
    site.put("oozie.service.ActionCheckerService.action.check.interval", CHECK_SECONDS);
    site.put("oozie.service.ActionCheckerService.action.check.delay", CHECK_SECONDS);
    site.put("oozie.service.CoordMaterializeTriggerService.lookup.interval", CHECK_SECONDS);
    site.put("oozie.service.CoordMaterializeTriggerService.scheduling.interval", CHECK_SECONDS);
    site.put("oozie.service.StatusTransitService.statusTransit.interval", CHECK_SECONDS);
    site.put("oozie.service.coord.input.check.requeue.interval", "5000"); // Milliseconds.
    site.put("oozie.service.coord.check.maximum.frequency", "false"); // Days of the past, at once.
  }

  private void setSystemProperties() {
    System.setProperty("oozie.home.dir", directory.oozie().toString());
    System.setProperty("oozie.config.dir", conf.toString());
    System.setProperty("oozie.data.dir", directory.oozie().resolve("data").toString());
    System.setProperty("oozie.log.dir", directory.logs().toString());
    System.setProperty("oozie.log4j.file", LOG_FILE);
    System.setProperty("derby.system.home", directory.oozie().resolve("data").toString());
    System.setProperty(
        "derby.stream.error.file", directory.logs().resolve("oozie-derby.log").toString());
  }
}
