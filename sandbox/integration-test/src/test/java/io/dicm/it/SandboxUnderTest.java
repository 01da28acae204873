package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.hive.HiveQueries;
import io.dicm.hive.HiveSessions;
import io.dicm.hive.HiveStatements;
import io.dicm.hive.JdbcHiveSessions;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/**
 * A sandbox of the test's own, and {@code dicm.jar}'s commands run against it, with the
 * distribution's unshaded libraries in front.
 */
final class SandboxUnderTest implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(3);

  /** Processes of some seconds do not live to see the second compiler's work pay. */
  private static final Map<String, String> SHORT_LIVES =
      Map.of("dicm.yarn.java-options", "-XX:TieredStopAtLevel=1");

  private static final Duration STOP_LIMIT = Duration.ofMinutes(1);

  private final Path home;
  private final Path directory;
  private final Path commands;
  private final List<String> genericOptions;
  private String jdbcUrl;

  /** A sandbox in which a MapReduce job on the cluster has a process for each task, as on any. */
  SandboxUnderTest(Path home, Path directory) {
    this(home, directory, SHORT_LIVES);
  }

  private SandboxUnderTest(Path home, Path directory, Map<String, String> properties) {
    this.home = home;
    this.genericOptions = new ArrayList<>();
    properties.forEach((key, value) -> genericOptions.addAll(List.of("-D", key + "=" + value)));
    this.directory = directory;
    this.commands = directory.resolveSibling(directory.getFileName() + "-commands");
  }

  /**
   * A sandbox for tests of something else than MapReduce: small jobs run within their masters,
   * which saves four processes a job.
   */
  static SandboxUnderTest withSmallJobs(Path home, Path directory) {
    Map<String, String> properties = new TreeMap<>(SHORT_LIVES);
    properties.put("mapreduce.job.ubertask.enable", "true");
    properties.put("yarn.app.mapreduce.am.resource.mb", "1024");
    properties.put(
        "yarn.app.mapreduce.am.command-opts", "-Xmx640m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    properties.put("dicm.samples.reducers", "1");
    properties.put("dicm.evaluate.reducers", "1");
    return new SandboxUnderTest(home, directory, properties);
  }

  /**
   * @param options more of {@code dicm sandbox start}
   */
  void start(String... options) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("start", "--dir", directory.toString()));
    arguments.add("--fresh");
    arguments.addAll(List.of("--owner-pid", Long.toString(ProcessHandle.current().pid())));
    arguments.addAll(List.of(options));
    try (StartLock unused = StartLock.hold(directory.getParent())) {
      CommandResult result = control(arguments.toArray(String[]::new)).await(START_LIMIT);
      assertThat(result.exitStatus()).as(result.errors()).isZero();
    }
    jdbcUrl = configuration().get("dicm.hive.jdbc-url");
  }

  /** Where it lies. */
  Path root() {
    return directory;
  }

  /** The client's configuration, for looking at HDFS from the test. */
  Configuration configuration() throws MalformedURLException {
    Configuration conf = new Configuration();
    for (String site :
        List.of("core-site.xml", "hdfs-site.xml", "yarn-site.xml", "dicm-site.xml")) {
      conf.addResource(confDirectory().resolve(site).toUri().toURL());
    }
    return conf;
  }

  /** Where HiveServer2 listens, on this machine. */
  int hivePort() {
    return URI.create(jdbcUrl.substring("jdbc:".length())).getPort();
  }

  HiveQueries hive(String database) {
    return new HiveQueries(sessions(), database);
  }

  HiveSessions sessions() {
    return new JdbcHiveSessions(jdbcUrl, System.getProperty("user.name"), Duration.ofMinutes(2));
  }

  /** Runs a statement without rows in Hive. */
  void execute(String statement) throws SQLException {
    try (HiveStatements hive = sessions().open()) {
      hive.execute(statement);
    }
  }

  /** Starts a command of {@code dicm.jar} by its main class, as {@code ./dicm} does. */
  CommandProcess startDicm(List<String> arguments) throws IOException {
    return startDicm(Map.of(), arguments);
  }

  /** The same with variables in its environment. */
  CommandProcess startDicm(Map<String, String> variables, List<String> arguments)
      throws IOException {
    Path jar = home.resolve("yarn-app/target/dicm.jar");
    return startClient(
        variables,
        List.of(jar.toString(), jar.resolveSibling("dicm-app.jar").toString()),
        List.of("io.dicm.app.cli.Main"),
        arguments);
  }

  /**
   * Starts {@code yarn jar dicm.jar ARGUMENTS}: Hadoop's launcher unpacks 180 MB first, which takes
   * longer than most commands.
   */
  CommandProcess startYarnJar(List<String> arguments) throws IOException {
    return startClient(
        Map.of(),
        List.of(),
        List.of(
            "org.apache.hadoop.util.RunJar", home.resolve("yarn-app/target/dicm.jar").toString()),
        arguments);
  }

  private CommandProcess startClient(
      Map<String, String> variables, List<String> jars, List<String> main, List<String> arguments)
      throws IOException {
    List<String> classPath = new ArrayList<>(List.of(confDirectory().toString(), libraries()));
    classPath.addAll(jars);
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.addAll(main);
    command.addAll(genericOptions);
    command.addAll(arguments);
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("HADOOP_CONF_DIR", confDirectory().toString());
    return CommandProcess.start(command, environment, commands);
  }

  CommandResult dicm(Duration limit, String... arguments) throws IOException, InterruptedException {
    return startDicm(List.of(arguments)).await(limit);
  }

  /** Command lines of running containers of this sandbox. */
  List<String> containers() {
    String marker = directory.resolve("yarn").toString();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(marker) && line.contains("container_"))
        .toList();
  }

  /** The Java process of a container of the application, such as {@code server 1}, if it runs. */
  Optional<ProcessHandle> member(String role) {
    String marker = "ContainerMain " + role + " ";
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().command().orElse("").endsWith("java"))
        .filter(process -> process.info().commandLine().orElse("").contains(marker))
        .filter(process -> process.info().commandLine().orElse("").contains(directory.toString()))
        .findFirst();
  }

  /** Command lines of all processes of this sandbox. */
  List<String> processes() {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains(directory.toString()))
        .toList();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    CommandResult result = control("stop", "--dir", directory.toString()).await(STOP_LIMIT);
    assertThat(result.exitStatus()).as(result.errors()).isZero();
  }

  private CommandProcess control(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("-cp");
    command.add(home.resolve("sandbox/control/target/dicm-sandbox-control.jar").toString());
    command.add("io.dicm.sandbox.control.SandboxControl");
    command.addAll(List.of(arguments));
    return CommandProcess.start(command, Map.of(), commands);
  }

  private Path confDirectory() {
    return directory.resolve("conf");
  }

  private String libraries() {
    return home.resolve("sandbox/hadoop/target/lib") + "/*";
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
