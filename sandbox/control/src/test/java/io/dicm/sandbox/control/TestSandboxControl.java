package io.dicm.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command as a process of its own, on stand-ins for the real services. */
class TestSandboxControl {
  @TempDir Path temp;
  private Path home;
  private SandboxDirectory directory;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void buildHome() throws IOException {
    home = temp.resolve("home");
    directory = SandboxDirectory.at(temp.resolve("sandbox"));
    StandInHome.build(home);
  }

  @AfterEach
  void stopAll() throws Exception {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
    new SandboxStopper(directory).kill();
  }

  @Test
  void startsSaysWhereAndStops() throws Exception {
    Result start = run("start");
    assertThat(start.status).as(start.err).isZero();
    assertThat(start.out)
        .contains("HADOOP_CONF_DIR=" + directory.conf(), "JDBC_URL=jdbc:hive2://127.0.0.1:");
    List<ProcessIdentity> services = services();
    assertThat(services).hasSize(2);

    Result status = run("status");
    assertThat(status.status).isZero();
    assertThat(status.out).contains("hadoop=running", "hive.pid=" + services.get(1).pid());

    Result stop = run("stop");
    assertThat(stop.status).isZero();
    assertThat(services).noneMatch(ProcessIdentity::isAlive);
    assertThat(log("hadoop")).contains("stopped in order");
    assertThat(log("hive")).contains("stopped in order");

    assertThat(run("status").status).isEqualTo(ExitStatus.NOT_RUNNING.code());
    assertThat(run("stop").err).contains("was not running");
  }

  @Test
  void secondStartIsRefusedAndHarmsNothing() throws Exception {
    run("start");
    List<ProcessIdentity> services = services();

    Result second = run("start", "--fresh");

    assertThat(second.status).isEqualTo(ExitStatus.ENVIRONMENT.code());
    assertThat(second.err)
        .isEqualToIgnoringNewLines(
            "Cannot start the sandbox in %s: it is running already (HDFS and YARN has pid %d). Stop it first: dicm sandbox stop --dir %s"
                .formatted(directory.root(), services.get(0).pid(), directory.root()));
    assertThat(services).allMatch(ProcessIdentity::isAlive);
  }

  @Test
  void portsAndSizesStayOverAStop() throws Exception {
    run("start", "--memory-mb", "4096");
    SandboxSettings before = SandboxSettings.load(directory.settingsFile());
    run("stop");
    run("start");

    assertThat(SandboxSettings.load(directory.settingsFile())).isEqualTo(before);
    assertThat(before.memoryMb()).isEqualTo(4096);
  }

  @Test
  void portInUseIsNamedAndNothingIsLeft() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Result start = run("start", "--hive-port", Integer.toString(listener.getLocalPort()));

      assertThat(start.status).isEqualTo(ExitStatus.ENVIRONMENT.code());
      assertThat(start.err)
          .isEqualToIgnoringNewLines(
              "Cannot start the sandbox: port %d on 127.0.0.1, for HiveServer2, is in use. End the process that has it, or choose another with --hive-port."
                  .formatted(listener.getLocalPort()));
      assertThat(start.out).isEmpty();
      assertThat(services()).isEmpty();
    }
  }

  @Test
  void crashAtStartIsExplainedAndTakesTheOthersWithIt() throws Exception {
    Result start = run(builder("start"), "hive:crash");

    assertThat(start.status).isEqualTo(ExitStatus.ENVIRONMENT.code());
    assertThat(start.err)
        .contains(
            "Cannot start HiveServer2: it ended: ERROR Cannot run hive: java.lang.IllegalStateException: the disk is made of cheese. Full log: "
                + directory.logs().resolve("hive.log"));
    assertThat(javaProcessesHere()).isEmpty();
  }

  @Test
  void hangingStartIsEndedByTheDeadline() throws Exception {
    Result start = run(builder("start", "--start-timeout-s", "3"), "hive:hang");

    assertThat(start.status).isEqualTo(ExitStatus.ENVIRONMENT.code());
    assertThat(start.err).contains("Cannot start HiveServer2: not ready after 3 s");
    assertThat(javaProcessesHere()).isEmpty();
  }

  @Test
  void terminatedStartLeavesNothing() throws Exception {
    Process start = launch(builder("start"), "hive:hang");
    await().until(() -> services().size() == 2);

    start.destroy();

    assertThat(start.waitFor()).isEqualTo(ExitStatus.INTERRUPTED.code());
    assertThat(javaProcessesHere()).isEmpty();
  }

  @Test
  void killedStartLeavesNothing() throws Exception {
    Process start = launch(builder("start"), "hive:hang");
    await().until(() -> services().size() == 2);

    start.destroyForcibly().waitFor();

    await().until(() -> javaProcessesHere().isEmpty());
  }

  @Test
  void hadoopRunsUntilHiveHasStopped() throws Exception {
    run(builder("start"), "hive:slow-stop");

    Result stop = run("stop");

    assertThat(stop.status).as(stop.err).isZero();
    assertThat(log("hadoop")).contains("stopped in order").doesNotContain("belongs to has ended");
  }

  @Test
  void sandboxEndsWithItsOwner() throws Exception {
    Process owner = new ProcessBuilder("sleep", "60").start();
    started.add(owner);
    Result start = run("start", "--owner-pid", Long.toString(owner.pid()));
    assertThat(start.status).as(start.err).isZero();

    owner.destroyForcibly();

    await().until(() -> javaProcessesHere().isEmpty());
    assertThat(log("hadoop")).contains("stopped in order");
  }

  @Test
  void ownerThatDoesNotRunIsRefused() throws Exception {
    Process owner = new ProcessBuilder("true").start();
    owner.waitFor();

    Result start = run("start", "--owner-pid", Long.toString(owner.pid()));

    assertThat(start.status).isEqualTo(ExitStatus.ENVIRONMENT.code());
    assertThat(start.err)
        .contains(
            "Cannot start the sandbox: the process %d of --owner-pid does not run."
                .formatted(owner.pid()));
  }

  @Test
  void hiveEndsWithHadoop() throws Exception {
    run("start");

    services().get(0).kill();

    await().until(() -> javaProcessesHere().isEmpty());
    assertThat(run("status").out).contains("hadoop=stopped", "hive=stopped");
    assertThat(run("start").status).isZero();
  }

  @Test
  void sandboxWithoutHiveIsWholeWithoutIt() throws Exception {
    assertThat(run("start", "--no-hive").out).doesNotContain("JDBC_URL");

    Result status = run("status");
    assertThat(status.status).isZero();
    assertThat(status.out).contains("hadoop=running").doesNotContain("hive=");
    assertThat(Files.readString(directory.conf().resolve("dicm-site.xml"))).doesNotContain("jdbc");
  }

  @Test
  void oozieRunsBesideTheOthersWhenAskedFor() throws Exception {
    assertThat(run("start").out).doesNotContain("OOZIE_URL");
    assertThat(run("status").out).doesNotContain("oozie");
    run("stop");

    assertThat(run("start", "--with", "oozie").out).contains("OOZIE_URL=http://127.0.0.1:");

    assertThat(run("status").out).contains("hadoop=running", "hive=running", "oozie=running");
    assertThat(Files.readString(directory.conf().resolve("dicm-site.xml")))
        .contains("<name>dicm.oozie.url</name>");
    assertThat(directory.bin().resolve("yarn")).isExecutable();
    assertThat(directory.bin().resolve("hadoop")).isExecutable();
    new ServiceProcess(ServiceSpec.HIVE, directory).kill();
    assertThat(run("status").out).contains("hive=stopped", "oozie=running");
    assertThat(run("stop").status).isZero();
    assertThat(log("oozie")).contains("stopped in order");
    assertThat(javaProcessesHere()).isEmpty();
  }

  @Test
  void missingBuildIsExplained() throws Exception {
    Path libraries = home.resolve("sandbox/hadoop/target/lib");
    SandboxDirectory.delete(libraries);

    Result start = run("start");

    assertThat(start.status).isEqualTo(ExitStatus.ENVIRONMENT.code());
    assertThat(start.err)
        .isEqualToIgnoringNewLines(
            "Cannot start the sandbox: %s is missing or empty. Build it with: mvn -DskipTests package"
                .formatted(libraries));
  }

  @Test
  void wrongUsageShowsTheUsage() throws Exception {
    Result result = run("start", "--gpu", "1");

    assertThat(result.status).isEqualTo(ExitStatus.USAGE.code());
    assertThat(result.err)
        .contains("unknown option '--gpu'", "usage: dicm sandbox start|stop|status");
    assertThat(result.out).isEmpty();
  }

  @Test
  void gpusAreDeclaredToClients() throws Exception {
    run("start", "--no-hive", "--gpus", "2");

    assertThat(Files.readString(directory.conf().resolve("resource-types.xml")))
        .contains("<name>yarn.resource-types</name>", "<value>yarn.io/gpu</value>");
    assertThat(Files.readString(directory.conf().resolve("yarn-site.xml"))).contains("yarn.io/gpu");
  }

  private record Result(int status, String out, String err) {}

  private Result run(String... arguments) throws Exception {
    return run(builder(arguments), "");
  }

  private Result run(ProcessBuilder builder, String behavior) throws Exception {
    Path out = Files.createTempFile(temp, "out", "");
    Path err = Files.createTempFile(temp, "err", "");
    Process process =
        launch(builder.redirectOutput(out.toFile()).redirectError(err.toFile()), behavior);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Process launch(ProcessBuilder builder, String behavior) throws IOException {
    builder.environment().put(StandInService.BEHAVIOR, behavior);
    Process process = builder.start();
    started.add(process);
    return process;
  }

  private ProcessBuilder builder(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                home.resolve("sandbox/control/target/dicm-sandbox-control.jar").toString(),
                SandboxControl.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--dir", directory.root().toString(), "--home", home.toString()));
    return new ProcessBuilder(command).redirectErrorStream(false);
  }

  private List<ProcessIdentity> services() throws IOException {
    List<ProcessIdentity> found = new ArrayList<>();
    for (ServiceSpec spec : ServiceSpec.ALL) {
      Optional<ProcessIdentity> process = new ServiceProcess(spec, directory).find();
      process.ifPresent(found::add);
    }
    return found;
  }

  /** Every process whose command line names the sandbox, known to the controller or not. */
  private List<Long> javaProcessesHere() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                process.info().commandLine().orElse("").contains(directory.root().toString()))
        .map(ProcessHandle::pid)
        .filter(pid -> ProcessIdentity.of(pid).isPresent())
        .toList();
  }

  private String log(String service) throws IOException {
    return Files.readString(directory.logs().resolve(service + ".log"));
  }
}
