package io.dicm.sandbox.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dicm.sandbox.control.FolderProcesses;
import io.dicm.sandbox.control.StandInHome;
import io.dicm.sandbox.control.StandInService;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code ./dicm} runs; in a folder where stand-ins are built of all that it runs. */
class TestLauncherCommands {
  private static final int USAGE = 2;
  private static final int ENVIRONMENT = 9;
  private static final int INTERRUPTED = 11;

  @TempDir Path temp;
  private Path home;
  private Path launcher;
  private FolderProcesses demoProcesses;

  @BeforeEach
  void buildHome() throws IOException {
    home = Files.createDirectories(temp.resolve("home")).toRealPath();
    launcher = home.resolve("dicm");
    Files.copy(Path.of("../../dicm"), launcher, StandardCopyOption.COPY_ATTRIBUTES);
    Files.writeString(home.resolve("pom.xml"), "");
    StandInHome.build(home);
    Path application = Files.createDirectories(home.resolve("yarn-app/target"));
    StandInHome.jar(application.resolve("dicm.jar"), io.dicm.app.cli.Main.class);
    StandInHome.jar(application.resolve("dicm-app.jar"), io.dicm.app.cli.Main.class);
    Files.createDirectories(home.resolve("target"));
    Files.writeString(home.resolve("target/dicm-build-sandbox"), "");
    Files.writeString(home.resolve("target/dicm-build-everything"), "");
    demoProcesses = new FolderProcesses(home.resolve(".sandbox-demo"));
  }

  @AfterEach
  void endWhatATestLeft() {
    demoProcesses
        .ids()
        .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  @Test
  void demoRunsOnASandboxOfItsOwnAndPassesTheStatusOn() throws Exception {
    Command.Result demo = run(Map.of(), "demo", "--status", "6", "--images", "12");

    assertThat(demo.status()).isEqualTo(6);
    assertThat(demo.out())
        .isEqualTo(
            "demo --status 6 --images 12 --report %s\nHADOOP_CONF_DIR=%s\n"
                .formatted(
                    home.resolve(".sandbox-demo/report.html"), home.resolve(".sandbox-demo/conf")));
    assertThat(demo.err()).contains("is stopped.").containsPattern("Total time: 0 min \\d+ s\n$");
    assertThat(demoProcesses.ids()).isEmpty();
  }

  @Test
  void terminatedDemoLeavesNothing() throws Exception {
    Process demo = startWaitingDemo();

    demo.destroy();

    assertThat(demo.waitFor()).isEqualTo(INTERRUPTED);
    assertThat(demoProcesses.ids()).isEmpty();
  }

  @Test
  void killedDemoLeavesNothing() throws Exception {
    Process demo = startWaitingDemo();

    demo.destroyForcibly().waitFor();

    await().until(() -> demoProcesses.ids().isEmpty());
  }

  @Test
  void demoTerminatedDuringTheStartLeavesNothing() throws Exception {
    Process demo = start(Map.of(StandInService.BEHAVIOR, "hive:hang"), "demo");
    await().until(() -> Files.exists(home.resolve(".sandbox-demo/run/hive.pid")));

    demo.destroy();

    assertThat(demo.waitFor()).isEqualTo(INTERRUPTED);
    assertThat(demoProcesses.ids()).isEmpty();
  }

  @Test
  void secondDemoLeavesTheFirstAlone() throws Exception {
    Process first = startWaitingDemo();

    Command.Result second = run(Map.of(), "demo");

    assertThat(second.status()).isEqualTo(ENVIRONMENT);
    assertThat(second.err()).contains("it is running already");
    assertThat(first.isAlive()).isTrue();
    first.destroy();
    first.waitFor();
  }

  @Test
  void failedStartEndsTheDemoWithItsReason() throws Exception {
    Command.Result demo = run(Map.of(StandInService.BEHAVIOR, "hadoop:crash"), "demo");

    assertThat(demo.status()).isEqualTo(ENVIRONMENT);
    assertThat(demo.out()).isEmpty();
    assertThat(demo.err()).contains("Cannot start HDFS and YARN", "the disk is made of cheese");
    assertThat(demoProcesses.ids()).isEmpty();
  }

  @Test
  void sandboxCanBeStartedAfterADemo() throws Exception {
    assertThat(run(Map.of(), "demo").status()).isZero();
    // As a user may: from anywhere, with no folder named.
    Command.Result start = run(Map.of(), "sandbox", "start");
    try {
      assertThat(start.status()).as(start.err()).isZero();
      assertThat(start.out()).contains("HADOOP_CONF_DIR=" + home.resolve(".sandbox/conf"));
      assertThat(run(Map.of(), "extract").out())
          .contains("HADOOP_CONF_DIR=" + home.resolve(".sandbox/conf"));
    } finally {
      run(Map.of(), "sandbox", "stop");
    }
  }

  @Test
  void wrongArgumentsOfTheDemoStartNothing() throws Exception {
    Command.Result demo = run(Map.of(), "demo", "--typo");

    assertThat(demo.status()).isEqualTo(USAGE);
    assertThat(demo.err()).isEqualTo("USAGE: there is no such thing.\n");
    assertThat(home.resolve(".sandbox-demo")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo --help", "import generated --help"})
  void helpNeedsNoCluster(String line) throws Exception {
    Command.Result help = run(Map.of(), line.split(" ", -1));

    assertThat(help.status()).isZero();
    assertThat(help.out()).startsWith(line + "\n");
    assertThat(home.resolve(".sandbox-demo")).doesNotExist();
  }

  @Test
  void unknownCommandIsWrongUsageEvenWithoutACluster() throws Exception {
    Command.Result typo = run(Map.of(), "typo");
    assertThat(typo.status()).isEqualTo(USAGE);
    assertThat(typo.err()).isEqualTo("USAGE: there is no such thing.\n");

    Command.Result known = run(Map.of(), "extract");
    assertThat(known.status()).isEqualTo(ENVIRONMENT);
    assertThat(known.err()).startsWith("Cannot run 'extract': no cluster.");
  }

  /** It must not run without a cluster's configuration: paths would be those of this machine. */
  @Test
  void anOptionInFrontOfTheCommandNeedsAClusterToo() throws Exception {
    Command.Result result = run(Map.of(), "-D", "a=b", "extract");

    assertThat(result.status()).isEqualTo(ENVIRONMENT);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("no cluster");
  }

  @Test
  void checkOfTheDemoStartsNothing() throws Exception {
    assertThat(run(Map.of(), "demo", "--check").status()).isZero();
    assertThat(home.resolve(".sandbox-demo")).doesNotExist();
  }

  @Test
  void rootLoggerComesFromTheEnvironment() throws Exception {
    Command.Result result =
        run(
            Map.of("HADOOP_CONF_DIR", home.toString(), "HADOOP_ROOT_LOGGER", "DEBUG,console"),
            "train",
            "--property",
            "hadoop.root.logger");

    assertThat(result.out()).endsWith("DEBUG,console\n");
  }

  @Test
  void librariesStayUnderARunningSandbox() throws Exception {
    Command.Result start = run(Map.of(), "sandbox", "start");
    assertThat(start.status()).as(start.err()).isZero();
    try {
      Files.setLastModifiedTime(home.resolve("target/dicm-build-sandbox"), FileTime.fromMillis(0));
      Files.setLastModifiedTime(
          home.resolve("target/dicm-build-everything"), FileTime.fromMillis(0));

      Command.Result command = run(Map.of("PATH", pathWithMaven()), "extract");

      assertThat(command.status()).isEqualTo(ENVIRONMENT);
      assertThat(command.err())
          .matches(
              "Cannot build DICM: the sandbox's libraries changed, and process \\d+ runs from them. End it first; a sandbox ends by: ./dicm sandbox stop\n");
      assertThat(home.resolve("sandbox/hadoop/target/lib/upstream.txt")).exists();
    } finally {
      run(Map.of(), "sandbox", "stop");
    }
  }

  @Test
  void commandTakesTheRunningSandbox() throws Exception {
    run(Map.of(), "sandbox", "start", "--dir", home.resolve(".sandbox").toString());
    try {
      Command.Result result = run(Map.of(), "extract", "--input", "a b");

      assertThat(result.status()).isZero();
      assertThat(result.out())
          .isEqualTo(
              "extract --input a b\nHADOOP_CONF_DIR=%s\n".formatted(home.resolve(".sandbox/conf")));
    } finally {
      run(Map.of(), "sandbox", "stop", "--dir", home.resolve(".sandbox").toString());
    }
  }

  @Test
  void commandOnAClusterGoesThroughYarnJar() throws Exception {
    Path tools = Files.createDirectories(temp.resolve("tools"));
    Files.writeString(tools.resolve("yarn"), "#!/bin/sh\necho yarn \"$@\"\n");
    assertThat(tools.resolve("yarn").toFile().setExecutable(true)).isTrue();

    Command.Result result =
        run(
            Map.of("HADOOP_CONF_DIR", temp.toString(), "PATH", tools + ":" + System.getenv("PATH")),
            "train",
            "-Dx=y");

    assertThat(result.out())
        .isEqualTo("yarn jar %s/yarn-app/target/dicm.jar train -Dx=y\n".formatted(home));
  }

  @Test
  void newerSourceIsBuiltFirst() throws Exception {
    Path source = home.resolve("common/src/main/java/New.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, "");
    Map<String, String> environment =
        Map.of("HADOOP_CONF_DIR", temp.toString(), "PATH", pathWithMaven());
    Files.setLastModifiedTime(home.resolve("target/dicm-build-everything"), FileTime.fromMillis(0));

    assertThat(run(environment, "train").err()).contains("Built DICM (everything)");
    assertThat(temp.resolve("mvn-called")).content().contains("-DskipTests package -pl yarn-app,");

    Files.delete(temp.resolve("mvn-called"));
    assertThat(run(environment, "train").err()).isEmpty();
    assertThat(temp.resolve("mvn-called")).doesNotExist();
  }

  /** There is one dicm.jar, so each change of the profile makes it anew. */
  @Test
  void aBuildWithCudaIsAnotherBuild() throws Exception {
    Map<String, String> plain = Map.of("HADOOP_CONF_DIR", temp.toString(), "PATH", pathWithMaven());
    Map<String, String> cuda = new HashMap<>(plain);
    cuda.put("DICM_PROFILE", "gpu");
    Path called = temp.resolve("mvn-called");

    assertThat(run(cuda, "train").err()).contains("Built DICM (everything-gpu)");
    assertThat(called).content().contains("-DskipTests -Pgpu package -pl yarn-app,");
    Files.delete(called);
    assertThat(run(cuda, "train").err()).isEmpty();
    assertThat(called).doesNotExist();

    assertThat(run(plain, "train").err()).contains("Built DICM (everything)");
    assertThat(called).content().contains("-DskipTests package -pl yarn-app,");
    Files.delete(called);
    assertThat(run(plain, "train").err()).isEmpty();
  }

  @Test
  void anUnknownProfileIsRefused() throws Exception {
    Command.Result result =
        run(Map.of("HADOOP_CONF_DIR", temp.toString(), "DICM_PROFILE", "cuda"), "train");

    assertThat(result.status()).isEqualTo(USAGE);
    assertThat(result.err())
        .isEqualTo("Cannot build DICM: DICM_PROFILE was 'cuda', allowed is gpu or nothing.\n");
  }

  /** Its libraries are many, and most users never need them. */
  @Test
  void oozieIsBuiltWhenItIsAskedForAlone() throws Exception {
    Map<String, String> environment = Map.of("PATH", pathWithMaven());
    try {
      assertThat(run(environment, "sandbox", "start").status()).isZero();
      assertThat(temp.resolve("mvn-called")).doesNotExist();
      run(environment, "sandbox", "stop");

      Command.Result start = run(environment, "sandbox", "start", "--with", "oozie");

      assertThat(start.status()).as(start.err()).isZero();
      assertThat(start.out()).contains("OOZIE_URL=http://127.0.0.1:");
      assertThat(temp.resolve("mvn-called")).content().contains(",sandbox/oozie -am");
    } finally {
      run(environment, "sandbox", "stop");
    }
  }

  /** A path with a Maven that only tells how it was called. */
  private String pathWithMaven() throws IOException {
    Path tools = Files.createDirectories(temp.resolve("tools"));
    Files.writeString(
        tools.resolve("mvn"), "#!/bin/sh\necho \"$@\" > " + temp.resolve("mvn-called") + "\n");
    assertThat(tools.resolve("mvn").toFile().setExecutable(true)).isTrue();
    return tools + ":" + System.getenv("PATH");
  }

  private Process startWaitingDemo() throws IOException {
    Path waiting = temp.resolve("waiting");
    Process demo = start(Map.of(), "demo", "--wait", waiting.toString());
    await().until(() -> Files.exists(waiting) && Files.size(waiting) > 0);
    return demo;
  }

  private Process start(Map<String, String> environment, String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command(arguments))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(withJava(environment));
    return builder.start();
  }

  private Command.Result run(Map<String, String> environment, String... arguments)
      throws Exception {
    return Command.run(withJava(environment), command(arguments));
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Map<String, String> withJava(Map<String, String> environment) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("JAVA_HOME", System.getProperty("java.home"));
    return all;
  }
}
