package io.dicm.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestLeftoverProcesses {
  @TempDir Path temp;
  private final List<Process> started = new ArrayList<>();
  private SandboxDirectory directory;
  private LeftoverProcesses leftovers;

  @BeforeEach
  void setUp() {
    directory = SandboxDirectory.at(temp.resolve("a"));
    leftovers = new LeftoverProcesses(directory);
  }

  @AfterEach
  void endProcesses() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void containersAndMarkedClientsAreKilled() throws IOException, InterruptedException {
    Process container = sleeper("LOCAL_DIRS", directory.yarn() + "/local/usercache");
    Process client = sleeper(LeftoverProcesses.CLIENT_MARK, directory.root().toString());

    assertThat(leftovers.killAll()).isEqualTo(2);

    assertThat(container.waitFor()).isNotZero();
    assertThat(client.waitFor()).isNotZero();
    assertThat(leftovers.find()).isEmpty();
  }

  @Test
  void childrenOfContainersAreKilledToo() throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", "sleep 60 & sleep 60 & wait");
    builder.environment().put("LOCAL_DIRS", directory.yarn() + "/local");
    started.add(builder.start());
    await().until(() -> leftovers.find().size() == 3);

    leftovers.killAll();

    assertThat(leftovers.find()).isEmpty();
  }

  @Test
  void otherSandboxesAndShellsInTheFolderAreLeftAlone() throws IOException, InterruptedException {
    Process other = sleeper("LOCAL_DIRS", temp.resolve("ab").resolve("yarn/local").toString());
    ProcessBuilder shell = new ProcessBuilder("sleep", "60").directory(temp.toFile());
    started.add(shell.start());

    assertThat(leftovers.killAll()).isZero();

    assertThat(other.isAlive()).isTrue();
    assertThat(started).allMatch(Process::isAlive);
  }

  private Process sleeper(String name, String value) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("sleep", "60");
    builder.environment().put(name, value);
    Process process = builder.start();
    started.add(process);
    return process;
  }
}
