package io.dicm.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.ExitCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sends SIGTERM, which ends a Java program as Ctrl-C does, to commands in processes of their own.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TestProcessExit {
  @TempDir Path home;
  private Process process;

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  @Test
  void interruptedCommandSaysSo() throws Exception {
    // A resource manager that takes connections and never answers.
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      process =
          start(
              Main.class,
              "status",
              "-Dyarn.resourcemanager.address=127.0.0.1:" + silent.getLocalPort(),
              "application_1_1");
      try (Socket connection = silent.accept()) {
        assertThat(connection.isConnected()).isTrue();
        process.toHandle().destroy(); // Process.destroy would close its streams, too.

        assertThat(errors()).endsWith("INTERRUPTED: The command was interrupted.");
        assertThat(process.waitFor()).isEqualTo(ExitCode.INTERRUPTED.status());
      }
    }
  }

  @Test
  void clientThatIsInterruptedWhileItFollowsSaysThatTheApplicationGoesOn() throws Exception {
    process = start(FollowingClient.class);
    BufferedReader err = process.errorReader();
    assertThat(err.lines().filter(line -> line.contains("waits in queue")).findFirst()).isPresent();

    process.toHandle().destroy(); // Process.destroy would close its streams, too.

    assertThat(errors())
        .contains("CLIENT_GAVE_UP: " + FollowingClient.APPLICATION + " goes on. Watch it:");
    assertThat(process.waitFor()).isEqualTo(ExitCode.CLIENT_GAVE_UP.status());
  }

  private String errors() {
    return process.errorReader().lines().collect(Collectors.joining("\n"));
  }

  private Process start(Class<?> program, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }
}
