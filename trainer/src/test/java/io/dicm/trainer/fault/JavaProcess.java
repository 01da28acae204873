package io.dicm.trainer.fault;

import io.dicm.common.process.NativeOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Loader;

/** A Java process of this test's class path, its lines and its signals. */
final class JavaProcess {
  private static final long SIGNAL_SECONDS = 10;

  private final String name;
  private final Process process;
  private final Path log;
  private final Writer input;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private JavaProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.input = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.US_ASCII);
  }

  /**
   * Starts one.
   *
   * @param log gets its standard error
   * @param lines told each line of its standard output, on a thread of its own
   */
  static JavaProcess start(
      String name, Class<?> main, List<String> args, Path log, Consumer<String> lines)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx160m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Xshare:auto");
    command.addAll(NativeOptions.javaOptions(Loader.getCacheDir().toString()));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(args);
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(NativeOptions.environment(1));
    JavaProcess started = new JavaProcess(name, builder.start(), log);
    Thread reader = new Thread(() -> started.readAll(lines), "lines-" + name);
    reader.setDaemon(true);
    reader.start();
    return started;
  }

  private void readAll(Consumer<String> lines) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.accept(line);
      }
    } catch (IOException e) {
      // The process was killed while it spoke: the same as the end of what it says.
    }
    CompletableFuture<?> unused =
        process.onExit().thenAccept(ended -> exit.complete(ended.exitValue()));
  }

  /** Writes a line to its standard input; a process that has ended does not hear it. */
  void tell(String line) {
    try {
      input.write(line + "\n");
      input.flush();
    } catch (IOException e) {
      if (process.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Completes with the exit code, after the last line. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Waits for its end; fails when it does not come in time. */
  int awaitExit(long timeoutMs, String why) throws InterruptedException {
    try {
      return exit.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(
          name + " did not end within " + timeoutMs + " ms " + why + "; see " + log, e);
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Lets it live for so long, or until it ends. */
  void liveFor(long timeMs) throws InterruptedException {
    try {
      exit.get(timeMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // It lives on.
    }
  }

  /** SIGKILL; also ends a paused process. */
  void kill() {
    process.destroyForcibly();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGSTOP. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    if (!kill.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS) || kill.exitValue() != 0) {
      throw new IOException("Cannot send SIG" + signal + " to " + name);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
