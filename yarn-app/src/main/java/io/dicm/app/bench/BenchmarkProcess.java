package io.dicm.app.bench;

import io.dicm.app.launch.ProcessLog;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.json.JsonFiles;
import io.dicm.common.process.NativeOptions;
import io.dicm.common.security.ApplicationSecret;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Loader;

/**
 * One running process of a measurement. It has this JVM's class path and native libraries, which
 * JavaCPP unpacks once for both (it locks its cache); what it writes to stderr goes to a file
 * beside its task. Ends with {@link #close}. For one thread.
 */
final class BenchmarkProcess implements AutoCloseable {
  /** What comes before the answer, so that it is not mistaken for anything a library prints. */
  static final String ANSWER = "dicm-answer ";

  /** A line that says that the measured part begins; who only wants the answer passes over it. */
  static final String BEGINNING = "dicm-begins";

  private static final long END_SECONDS = 10;
  private static final int MAX_QUOTED = 500;

  private final Program program;
  private final Process process;
  private final Path errors;

  /**
   * What a process runs: a main method that takes role and task file as arguments, reads the secret
   * from stdin, and writes its answer to stdout after {@link #ANSWER}.
   *
   * @param main the class with it
   * @param role in lower case in messages
   * @param heap Java's option for the largest heap
   */
  record Program(Class<?> main, String role, String heap) {
    private String label() {
      return role.toLowerCase(Locale.ROOT);
    }
  }

  private BenchmarkProcess(Program program, Process process, Path errors) {
    this.program = program;
    this.process = process;
    this.errors = errors;
  }

  /**
   * Starts it.
   *
   * @param task the task's file
   * @param nativeThreads threads of native libraries
   */
  static BenchmarkProcess start(
      Program program, Path task, int nativeThreads, ApplicationSecret secret) throws IOException {
    Path folder = Files.createTempDirectory(task.getParent(), program.label());
    Path errors = folder.resolve("stderr");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(program.heap());
    command.add("-XX:+UseSerialGC");
    command.addAll(NativeOptions.javaOptions(Loader.getCacheDir().toString()));
    command.addAll(ProcessLog.javaOptions(folder.toString()));
    command.addAll(List.of("-cp", classPath(), program.main().getName()));
    command.addAll(List.of(program.role(), task.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().putAll(NativeOptions.environment(nativeThreads));
    Process process = builder.start();
    BenchmarkProcess started = new BenchmarkProcess(program, process, errors);
    started.send(secret);
    return started;
  }

  /**
   * The program's own class path; {@code RunJar} has put the jar, and a folder with its contents,
   * into a loader. Native libraries have to come from the jar, by way of JavaCPP's cache: from the
   * folder libtorch gets another copy of OpenBLAS than the one whose threads are set.
   */
  private static String classPath() throws IOException {
    Set<String> entries = new LinkedHashSet<>();
    ClassLoader loader = BenchmarkProcess.class.getClassLoader();
    if (loader instanceof URLClassLoader urls) {
      List<String> found = new ArrayList<>();
      for (URL url : urls.getURLs()) {
        found.add(file(url));
      }
      found.stream().filter(entry -> entry.endsWith(".jar")).forEach(entries::add);
      entries.addAll(found);
    }
    entries.add(System.getProperty("java.class.path"));
    return String.join(File.pathSeparator, entries);
  }

  private static String file(URL url) throws IOException {
    try {
      return Path.of(url.toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IOException("Not a file: " + url, e);
    }
  }

  /** Open on purpose: the process ends when its stdin does. */
  private void send(ApplicationSecret secret) throws IOException {
    tell(secret.headerValue());
  }

  /** Writes a line to its stdin. */
  void tell(String line) throws IOException {
    OutputStream stdin = process.getOutputStream();
    stdin.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    stdin.flush();
  }

  /** Time that all processors together have worked for it so far. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /**
   * Waits for its next answer.
   *
   * @throws DicmException {@link ErrorCode#STAGE_FAILED} when it ends without one or takes too long
   */
  <T> T answer(Class<T> type, long timeoutSeconds) throws IOException, InterruptedException {
    String line = line(ANSWER, timeoutSeconds);
    return new JsonFiles(new Configuration(false)).parse(line.substring(ANSWER.length()), type);
  }

  /** Waits until its measured part begins; errors as {@link #answer}. */
  void awaitBeginning(long timeoutSeconds) throws IOException, InterruptedException {
    line(BEGINNING, timeoutSeconds);
  }

  /** The next line with that beginning. */
  private String line(String beginning, long timeoutSeconds)
      throws IOException, InterruptedException {
    CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> nextLine(beginning));
    try {
      return line.get(timeoutSeconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw failed("did not answer within " + timeoutSeconds + " s", e);
    } catch (ExecutionException e) {
      throw failed("ended without an answer", e);
    }
  }

  private String nextLine(String beginning) {
    BufferedReader stdout = process.inputReader(StandardCharsets.UTF_8);
    return stdout.lines().filter(line -> line.startsWith(beginning)).findFirst().orElseThrow();
  }

  private DicmException failed(String how, Exception cause) throws IOException {
    String said = Files.readString(errors, StandardCharsets.UTF_8).strip();
    return new DicmException(
        ErrorCode.STAGE_FAILED,
        "Cannot measure: the process "
            + program.label()
            + " "
            + how
            + "; it said: "
            + said.substring(Math.max(0, said.length() - MAX_QUOTED)),
        cause);
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (IOException e) {
      // It has ended, or is made to.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}
