package io.dicm.sandbox.control;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process of a sandbox, as its controller sees it: through files and {@code /proc}, so that any
 * later controller can.
 */
final class ServiceProcess {
  private static final Duration TERMINATE_LIMIT = Duration.ofSeconds(30);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final ServiceSpec spec;
  private final ServiceFiles files;
  private final SandboxDirectory directory;

  ServiceProcess(ServiceSpec spec, SandboxDirectory directory) {
    this.spec = spec;
    this.directory = directory;
    this.files = new ServiceFiles(directory, spec.name());
  }

  ServiceSpec spec() {
    return spec;
  }

  Path log() {
    return files.log();
  }

  /** The living process; empty when it does not run. */
  Optional<ProcessIdentity> find() throws IOException {
    return Files.exists(files.pid())
        ? ProcessIdentity.parse(Files.readString(files.pid())).filter(ProcessIdentity::isAlive)
        : Optional.empty();
  }

  /** Whether clients can use it. */
  boolean isReady() {
    return Files.exists(files.ready());
  }

  /** Starts the process in a session of its own, so that a Ctrl-C at the terminal is not for it. */
  ProcessIdentity launch(
      Installation installation, List<ProcessIdentity> watched, Duration startLimit)
      throws IOException, SandboxException {
    Files.deleteIfExists(files.ready());
    if (Files.exists(files.log())) {
      Files.move(files.log(), files.previousLog(), StandardCopyOption.REPLACE_EXISTING);
    }
    ProcessBuilder builder =
        new ProcessBuilder(command(installation, watched, startLimit))
            .directory(directory.run().toFile())
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(files.log().toFile())
            .redirectErrorStream(true);
    setEnvironment(builder.environment());
    long pid = builder.start().pid();
    Optional<ProcessIdentity> started = ProcessIdentity.of(pid);
    if (started.isEmpty()) {
      throw SandboxException.environment(failure("it ended at once"));
    }
    ProcessIdentity identity = started.get();
    Files.writeString(files.pid(), identity.toString());
    return identity;
  }

  private List<String> command(
      Installation installation, List<ProcessIdentity> watched, Duration startLimit)
      throws IOException {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      command.add(SETSID.toString());
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(spec.jvmFlags());
    command.addAll(
        List.of("-cp", installation.classPath(spec.name(), directory.run()), spec.mainClass()));
    command.add(directory.root().toString());
    command.add(Long.toString(startLimit.toSeconds()));
    command.add(Long.toString(ProcessHandle.current().pid()));
    watched.forEach(process -> command.add(Long.toString(process.pid())));
    return command;
  }

  /** Containers inherit this environment; a user's own Hadoop must not leak into it. */
  private static void setEnvironment(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(name -> name.matches("(HADOOP|YARN|HDFS|HIVE|TEZ|MAPRED)_.*|CLASSPATH"));
    environment.remove(LeftoverProcesses.CLIENT_MARK);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
  }

  /**
   * Ends the process: SIGTERM, and SIGKILL when that takes too long. Does nothing when it does not
   * run.
   */
  void stop() throws IOException, InterruptedException {
    Optional<ProcessIdentity> running = find();
    if (running.isPresent()) {
      running.get().terminate();
      if (!Deadline.in(TERMINATE_LIMIT).await(() -> !running.get().isAlive())) {
        kill();
      }
    }
    Files.deleteIfExists(files.ready());
    Files.deleteIfExists(files.pid());
  }

  /** Ends the process at once. */
  void kill() throws IOException, InterruptedException {
    Optional<ProcessIdentity> running = find();
    if (running.isPresent()) {
      running.get().kill();
      Deadline.in(KILL_LIMIT).await(() -> !running.get().isAlive());
    }
    Files.deleteIfExists(files.ready());
    Files.deleteIfExists(files.pid());
  }

  /** A sentence that says that it could not be started, with the last error that it logged. */
  String failure(String what) throws IOException {
    String error = lastError().map(line -> ": " + line).orElse("");
    return "Cannot start %s: %s%s. Full log: %s".formatted(spec.label(), what, error, files.log());
  }

  private Optional<String> lastError() throws IOException {
    if (!Files.exists(files.log())) {
      return Optional.empty();
    }
    String log = new String(Files.readAllBytes(files.log()), StandardCharsets.UTF_8);
    List<String> lines =
        log.lines().filter(line -> !line.isBlank() && !line.startsWith("\t")).toList();
    return lines.stream()
        .filter(line -> line.matches(".*(ERROR|FATAL|Exception|Error).*"))
        .reduce((first, second) -> second)
        .or(() -> lines.stream().reduce((first, second) -> second));
  }
}
