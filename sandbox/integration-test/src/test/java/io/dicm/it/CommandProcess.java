package io.dicm.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process of its own with its output in files, so that it never waits for a reader. */
final class CommandProcess {
  private final Process process;
  private final Path output;
  private final Path errors;
  private final List<String> command;

  private CommandProcess(Process process, Path output, Path errors, List<String> command) {
    this.process = process;
    this.output = output;
    this.errors = errors;
    this.command = command;
  }

  static CommandProcess start(List<String> command, Map<String, String> environment, Path directory)
      throws IOException {
    Path output = Files.createTempFile(Files.createDirectories(directory), "command", ".out");
    Path errors = Files.createTempFile(directory, "command", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().putAll(environment);
    return new CommandProcess(builder.start(), output, errors, command);
  }

  /** Waits for the end; a process that outlasts the limit is killed and fails the test. */
  CommandResult await(Duration limit) throws IOException, InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("Still running after " + limit + ": " + command + "\n" + errors());
    }
    return new CommandResult(process.exitValue(), Files.readString(output), errors());
  }

  String output() throws IOException {
    return Files.readString(output);
  }

  String errors() throws IOException {
    return Files.readString(errors);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As {@code kill -9} does. */
  void killHard() {
    process.destroyForcibly();
  }

  /** As {@code kill} and Ctrl-C do. */
  void terminate() {
    process.destroy();
  }
}
