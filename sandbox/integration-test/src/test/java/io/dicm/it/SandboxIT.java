package io.dicm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.hive.HiveStatements;
import io.dicm.hive.JdbcHiveSessions;
import io.dicm.sandbox.control.LeftoverProcesses;
import io.dicm.sandbox.control.SandboxPort;
import io.dicm.sandbox.control.SandboxSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonConfigurationKeysPublic;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.io.LongWritable;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.Job;
import org.apache.hadoop.mapreduce.TaskCounter;
import org.apache.hadoop.mapreduce.lib.input.FileInputFormat;
import org.apache.hadoop.mapreduce.lib.output.FileOutputFormat;
import org.apache.hadoop.yarn.api.records.NodeReport;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The life of one real sandbox: each method takes it as the one before left it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SandboxIT {
  private static final Path FILE = new Path("/tmp/kept.txt");

  private RealSandbox sandbox;

  @BeforeAll
  void start(@TempDir java.nio.file.Path temp) throws Exception {
    sandbox = new RealSandbox(temp.resolve("sandbox"));
    CommandResult start = sandbox.run("start", "--memory-mb", "3072", "--gpus", "2");
    assertThat(start.exitStatus()).as(start.errors()).isZero();
    assertThat(start.output()).contains("HADOOP_CONF_DIR=" + sandbox.directory().conf());
  }

  @AfterAll
  void stop() throws Exception {
    sandbox.run("stop");
  }

  @Test
  @Order(1)
  void hiveServerListensWhereItWasSaid() throws Exception {
    SandboxSettings settings = SandboxSettings.load(sandbox.directory().settingsFile());

    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), settings.port(SandboxPort.HIVE))) {
      assertThat(socket.isConnected()).isTrue();
    }
  }

  @Test
  @Order(2)
  void nodeHasTheGpusThatWereAskedFor() throws Exception {
    try (YarnClient yarn = YarnClient.createYarnClient()) {
      YarnConfiguration configuration = sandbox.clientConfiguration();
      // Else the client leaves out what its own class path does not declare.
      configuration.setBoolean(YarnConfiguration.YARN_CLIENT_LOAD_RESOURCETYPES_FROM_SERVER, true);
      yarn.init(configuration);
      yarn.start();

      List<NodeReport> nodes = yarn.getNodeReports(NodeState.RUNNING);

      assertThat(nodes).hasSize(1);
      assertThat(nodes.get(0).getCapability().getResourceValue("yarn.io/gpu")).isEqualTo(2);
      assertThat(nodes.get(0).getCapability().getMemorySize()).isEqualTo(3072);
    }
  }

  @Test
  @Order(2)
  void hiveTableIsMade() throws Exception {
    hive("CREATE TABLE kept (i INT)");

    assertThat(hiveTables()).containsExactly("kept");
  }

  @Test
  @Order(2)
  void mapReduceJobRunsWithTheExportedConfiguration() throws Exception {
    try (FileSystem fileSystem = FileSystem.get(sandbox.clientConfiguration())) {
      write(fileSystem, FILE, "one\ntwo\nthree\n");
    }
    Job job = Job.getInstance(sandbox.clientConfiguration(), "identity");
    job.setMapOutputKeyClass(LongWritable.class);
    job.setMapOutputValueClass(Text.class);
    job.getConfiguration().setInt("mapreduce.map.memory.mb", 512);
    job.getConfiguration().setInt("mapreduce.reduce.memory.mb", 512);
    job.getConfiguration().set("mapred.child.java.opts", "-Xmx256m -XX:+UseSerialGC");
    job.getConfiguration().setInt("mapreduce.task.io.sort.mb", 16);
    FileInputFormat.addInputPath(job, FILE);
    FileOutputFormat.setOutputPath(job, new Path("/tmp/identity"));

    assertThat(job.waitForCompletion(false)).isTrue();

    assertThat(job.getCounters().findCounter(TaskCounter.REDUCE_OUTPUT_RECORDS).getValue())
        .isEqualTo(3);
  }

  @Test
  @Order(3)
  void containerThatTakesMoreMemoryThanItAskedForIsKilled() throws Exception {
    // tail keeps what it may have to print: everything, as there is no line end in it.
    String takes300Mb = "(head -c 300000000 /dev/zero; sleep 60) | tail";
    try (ShellApplication application = submit(128, takes300Mb)) {
      assertThat(application.awaitDiagnostics())
          .containsPattern("running .* beyond the 'PHYSICAL' memory limit")
          .contains("128 MB physical memory used");
    }
  }

  @Test
  @Order(4)
  void containerLogsAreCollectedInHdfs() throws Exception {
    try (ShellApplication application = submit(128, "echo said-by-the-container")) {
      application.awaitDiagnostics();

      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> logsOf(application.id().toString()).contains("said-by-the-container"));
    }
  }

  @Test
  @Order(5)
  void stopEndsRunningContainersToo() throws Exception {
    try (ShellApplication application = submit(128, "sleep 600 & sleep 600")) {
      LeftoverProcesses containers = new LeftoverProcesses(sandbox.directory());
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> containers.find().size(), atLeast -> atLeast >= 3);
      assertThat(application.id()).isNotNull();

      assertThat(sandbox.run("stop").exitStatus()).isZero();

      assertThat(containers.find()).isEmpty();
      assertThat(sandbox.processes()).isEmpty();
    }
  }

  @Test
  @Order(6)
  void dataIsThereAfterASecondStart() throws Exception {
    CommandResult start = sandbox.run("start");
    assertThat(start.exitStatus()).as(start.errors()).isZero();

    Configuration fresh = sandbox.clientConfiguration();
    // Else Hadoop would take the connection to the stopped NameNode, which it keeps for 10 s.
    fresh.setInt(CommonConfigurationKeysPublic.IPC_CLIENT_CONNECTION_MAXIDLETIME_KEY, 1_000);
    try (FileSystem fileSystem = FileSystem.get(fresh)) {
      assertThat(read(fileSystem, FILE)).isEqualTo("one\ntwo\nthree\n");
    }
    assertThat(hiveTables()).containsExactly("kept");
  }

  @Test
  @Order(7)
  void sandboxEndsWithItsOwnerAndTakesContainersAlong() throws Exception {
    sandbox.run("stop");
    Process owner = new ProcessBuilder("sleep", "600").start();
    try {
      CommandResult start =
          sandbox.run("start", "--fresh", "--owner-pid", Long.toString(owner.pid()));
      assertThat(start.exitStatus()).as(start.errors()).isZero();
      try (FileSystem fileSystem = FileSystem.get(sandbox.clientConfiguration())) {
        assertThat(fileSystem.exists(FILE)).as("file of before --fresh").isFalse();
      }
      assertThat(hiveTables()).as("tables of before --fresh").isEmpty();
      try (ShellApplication application = submit(128, "sleep 600")) {
        LeftoverProcesses containers = new LeftoverProcesses(sandbox.directory());
        await().atMost(Duration.ofSeconds(30)).until(() -> !containers.find().isEmpty());
        assertThat(application.id()).isNotNull();
      }
    } finally {
      owner.destroyForcibly();
    }

    await().atMost(Duration.ofSeconds(30)).until(() -> sandbox.processes().isEmpty());
  }

  private ShellApplication submit(int memoryMb, String command) throws Exception {
    return ShellApplication.submit(sandbox.clientConfiguration(), memoryMb, command);
  }

  private List<String> hiveTables() throws Exception {
    try (HiveStatements session = hiveSession()) {
      return session.query("SHOW TABLES").rows().stream().map(row -> row.get(0)).toList();
    }
  }

  private void hive(String statement) throws Exception {
    try (HiveStatements session = hiveSession()) {
      session.execute(statement);
    }
  }

  private HiveStatements hiveSession() throws Exception {
    SandboxSettings settings = SandboxSettings.load(sandbox.directory().settingsFile());
    return new JdbcHiveSessions(
            settings.jdbcUrl(), System.getProperty("user.name"), Duration.ofMinutes(2))
        .open();
  }

  private String logsOf(String application) throws IOException {
    StringBuilder logs = new StringBuilder();
    Configuration configuration = sandbox.clientConfiguration();
    try (FileSystem fileSystem = FileSystem.get(configuration)) {
      RemoteIterator<LocatedFileStatus> files = fileSystem.listFiles(new Path("/tmp/logs"), true);
      while (files.hasNext()) {
        Path file = files.next().getPath();
        // A file of this ending is being written, and renamed at its end.
        if (file.getParent().getName().equals(application) && !file.getName().endsWith(".tmp")) {
          logs.append(read(fileSystem, file));
        }
      }
    }
    return logs.toString();
  }

  private static void write(FileSystem fileSystem, Path path, String text) throws IOException {
    try (FSDataOutputStream out = fileSystem.create(path)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(FileSystem fileSystem, Path path) throws IOException {
    try (FSDataInputStream in = fileSystem.open(path)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
