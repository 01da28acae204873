package io.dicm.sandbox.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TestProcessIdentity {
  @Test
  void livingProcessIsFoundAndItsTextReadsBack() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();

    assertThat(self.isAlive()).isTrue();
    assertThat(ProcessIdentity.parse(self.toString())).contains(self);
  }

  @Test
  void anotherProcessWithTheSameIdIsNotIt() {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current().pid()).orElseThrow();
    ProcessIdentity earlier = new ProcessIdentity(self.pid(), self.startTicks() - 1);

    assertThat(earlier.isAlive()).isFalse();
    earlier.kill(); // Would end this test.
  }

  @Test
  void deadProcessIsNotAlive() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow();

    identity.kill();

    process.waitFor();
    assertThat(identity.isAlive()).isFalse();
  }

  @Test
  void processThatOnlyWaitsToBeReapedIsNotAlive() throws IOException, InterruptedException {
    // The shell's child ends at once, and exec puts a program in the shell's place that never reaps
    // it.
    Process parent = new ProcessBuilder("sh", "-c", "true & exec sleep 60").start();
    try {
      long zombie = awaitZombieOf(parent);

      assertThat(ProcessHandle.of(zombie)).isPresent();
      assertThat(ProcessIdentity.of(zombie)).isEmpty();
    } finally {
      parent.destroyForcibly().waitFor();
    }
  }

  @Test
  void textThatWasCutShortIsNoIdentity() {
    assertThat(ProcessIdentity.parse("")).isEmpty();
    assertThat(ProcessIdentity.parse("123")).isEmpty();
    assertThat(ProcessIdentity.parse("123 x")).isEmpty();
  }

  private static long awaitZombieOf(Process parent) {
    return await()
        .until(
            () ->
                parent
                    .children()
                    .map(ProcessHandle::pid)
                    .filter(pid -> ProcessIdentity.of(pid).isEmpty())
                    .findFirst(),
            Optional::isPresent)
        .orElseThrow();
  }
}
