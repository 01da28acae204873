package io.dicm.sandbox.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./dicm} says when it cannot do its work; in a folder where nothing is built. */
class TestLauncher {
  private static final int USAGE = 2;
  private static final int ENVIRONMENT = 9;

  @TempDir Path temp;
  private Path launcher;
  private Path tools;

  @BeforeEach
  void copyLauncher() throws IOException {
    launcher = temp.resolve("dicm");
    Path original = Path.of("../../dicm").toAbsolutePath().normalize();
    Files.writeString(
        launcher, Files.readString(original).replace("/usr/lib/jvm/", temp + "/no-jvm/"));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    tools = Files.createDirectories(temp.resolve("bin"));
    for (String tool :
        new String[] {
          "bash",
          "cat",
          "env",
          "rm",
          "dirname",
          "sed",
          "find",
          "readlink",
          "mkdir",
          "flock",
          "grep",
          "tail"
        }) {
      tool(tool);
    }
  }

  @Test
  void noCommandIsWrongUsage() throws Exception {
    Command.Result result = run(Map.of());

    assertThat(result.status()).isEqualTo(USAGE);
    assertThat(result.out()).contains("usage: ./dicm COMMAND");
  }

  @Test
  void helpIsNoError() throws Exception {
    assertThat(run(Map.of(), "help").status()).isZero();
  }

  @Test
  void missingJavaIsExplained() throws Exception {
    Command.Result result = run(Map.of("JAVA_HOME", ""), "sandbox", "status");

    assertThat(result.status()).isEqualTo(ENVIRONMENT);
    assertThat(result.err())
        .isEqualTo(
            "Cannot run DICM: it needs Java 17 to 23, found none. Install a JDK 17, or set JAVA_HOME to one.\n");
  }

  @Test
  void oldJavaIsNamed() throws Exception {
    Path java = script("old/bin/java", "echo '    java.specification.version = 1.8' >&2");

    Command.Result result =
        run(Map.of("JAVA_HOME", temp.resolve("old").toString()), "sandbox", "status");

    assertThat(result.status()).isEqualTo(ENVIRONMENT);
    assertThat(result.err()).contains("it needs Java 17 to 23, found " + java);
  }

  @Test
  void missingMavenIsExplained() throws Exception {
    Command.Result result = run(withJava(), "sandbox", "start");

    assertThat(result.status()).isEqualTo(ENVIRONMENT);
    assertThat(result.err())
        .isEqualTo("Cannot build DICM: mvn is not on the PATH. Install Maven 3.8 or newer.\n");
  }

  @Test
  void failedBuildShowsItsErrorAndItsLog() throws Exception {
    script("bin/mvn", "echo '[ERROR] no space left on device'; exit 1");
    tool("sleep");

    Command.Result result = run(withJava(), "sandbox", "start");

    assertThat(result.status()).isEqualTo(ENVIRONMENT);
    assertThat(result.err())
        .contains("[ERROR] no space left on device")
        .endsWith(
            "Cannot build DICM: mvn failed. Full log: %s/target/dicm-build.log\n"
                .formatted(temp.toRealPath()));
  }

  @Test
  void commandWithoutClusterSaysWhatToDo() throws Exception {
    Command.Result result = run(withJava(), "extract");

    assertThat(result.status()).isEqualTo(ENVIRONMENT);
    assertThat(result.err())
        .isEqualTo(
            "Cannot run 'extract': no cluster. Set HADOOP_CONF_DIR to your cluster's configuration, or start one here with: ./dicm sandbox start\n");
  }

  @Test
  void configurationFolderThatIsNotThereIsNamed() throws Exception {
    Map<String, String> environment = new HashMap<>(withJava());
    environment.put("HADOOP_CONF_DIR", "/no/such/folder");

    Command.Result result = run(environment, "train");

    assertThat(result.status()).isEqualTo(ENVIRONMENT);
    assertThat(result.err())
        .isEqualTo(
            "Cannot run 'train': HADOOP_CONF_DIR is /no/such/folder, which is no directory.\n");
  }

  private Map<String, String> withJava() {
    return Map.of("JAVA_HOME", System.getProperty("java.home"));
  }

  private Command.Result run(Map<String, String> environment, String... arguments)
      throws Exception {
    List<String> command =
        new ArrayList<>(List.of("/usr/bin/env", "PATH=" + tools, launcher.toString()));
    command.addAll(List.of(arguments));
    return Command.run(environment, command);
  }

  private Path script(String name, String body) throws IOException {
    Path file = temp.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/bash\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    return file;
  }

  /** Puts the machine's program into the only folder of the launcher's path. */
  private void tool(String name) throws IOException {
    Path program =
        Path.of(Files.isExecutable(Path.of("/usr/bin", name)) ? "/usr/bin" : "/bin", name);
    script("bin/" + name, "exec " + program + " \"$@\"");
  }
}
