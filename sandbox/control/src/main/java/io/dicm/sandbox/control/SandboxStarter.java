package io.dicm.sandbox.control;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Starts a sandbox: all of it, or nothing. */
final class SandboxStarter {
  /** Java 24 took away the security manager's parts by which Hive's Hadoop logs in. */
  private static final int NEWEST_JAVA_FOR_HIVE = 23;

  private final SandboxOptions options;
  private final SandboxDirectory directory;
  private final Installation installation;
  private final Ports ports;
  private final PrintStream progress;
  private final Interruption interruption;

  SandboxStarter(
      SandboxOptions options, Ports ports, PrintStream progress, Interruption interruption) {
    this.options = options;
    this.directory = options.directory();
    this.installation = new Installation(options.home());
    this.ports = ports;
    this.progress = progress;
    this.interruption = interruption;
  }

  /**
   * Starts the processes and waits until clients can use them; on failure and on Ctrl-C ends every
   * one of them again.
   *
   * @return settings of the running sandbox
   */
  SandboxSettings start() throws IOException, InterruptedException, SandboxException {
    List<ServiceProcess> services = services();
    for (ServiceProcess service : services) {
      installation.check(service.spec().name());
    }
    checkJava();
    List<ProcessIdentity> owner = owner();
    directory.create();
    return new SandboxLock(directory)
        .hold(
            () -> {
              refuseIfRunning();
              SandboxSettings settings = prepare();
              launchAll(services, owner);
              return settings;
            });
  }

  private void checkJava() throws SandboxException {
    int version = Runtime.version().feature();
    if (options.hive() && version > NEWEST_JAVA_FOR_HIVE) {
      throw SandboxException.environment(
          "Cannot start HiveServer2: it runs on Java 17 to %d, this is Java %d. Set JAVA_HOME to a JDK 17."
              .formatted(NEWEST_JAVA_FOR_HIVE, version));
    }
  }

  private List<ServiceProcess> services() {
    return ServiceSpec.ALL.stream()
        .filter(spec -> options.hive() || !spec.equals(ServiceSpec.HIVE))
        .filter(spec -> options.oozie() || !spec.equals(ServiceSpec.OOZIE))
        .map(spec -> new ServiceProcess(spec, directory))
        .toList();
  }

  private List<ProcessIdentity> owner() throws SandboxException {
    if (options.ownerPid().isEmpty()) {
      return List.of();
    }
    long pid = options.ownerPid().getAsLong();
    return List.of(
        ProcessIdentity.of(pid)
            .orElseThrow(
                () ->
                    SandboxException.environment(
                        "Cannot start the sandbox: the process %d of --owner-pid does not run."
                            .formatted(pid))));
  }

  private void refuseIfRunning() throws IOException, SandboxException {
    for (ServiceSpec spec : ServiceSpec.ALL) {
      Optional<ProcessIdentity> running = new ServiceProcess(spec, directory).find();
      if (running.isPresent()) {
        throw SandboxException.environment(
            "Cannot start the sandbox in %s: it is running already (%s has pid %d). Stop it first: dicm sandbox stop --dir %s"
                .formatted(directory.root(), spec.label(), running.get().pid(), directory.root()));
      }
    }
  }

  private SandboxSettings prepare() throws IOException, InterruptedException, SandboxException {
    new LeftoverProcesses(directory).killAll();
    if (options.fresh()) {
      directory.wipe();
      directory.create();
    }
    Files.deleteIfExists(directory.startedMark());
    Files.deleteIfExists(directory.hdfsReadyMark());
    SandboxDirectory.delete(directory.yarn());
    Files.createDirectories(directory.yarn());
    SandboxSettings settings = settings();
    checkPorts(settings);
    settings.store(directory.settingsFile());
    Path libraries = installation.libraries(ServiceSpec.HADOOP.name());
    new ClientConfiguration(directory, settings, libraries).write();
    if (settings.oozie()) {
      new ClientCommands(directory, libraries).write();
    }
    return settings;
  }

  private SandboxSettings settings() throws IOException, SandboxException {
    Optional<SandboxSettings> before =
        directory.exists()
            ? Optional.of(SandboxSettings.load(directory.settingsFile()))
            : Optional.empty();
    return new SandboxSettings(
        choose(options.nodes(), before.map(SandboxSettings::nodes), 1),
        choose(
            options.memoryMb(),
            before.map(SandboxSettings::memoryMb),
            SandboxSettings.DEFAULT_MEMORY_MB),
        choose(
            options.vcores(), before.map(SandboxSettings::vcores), SandboxSettings.DEFAULT_VCORES),
        choose(options.gpus(), before.map(SandboxSettings::gpus), 0),
        options.hive(),
        options.oozie(),
        security(),
        portsLike(before));
  }

  private SandboxSecurity security() {
    return new SandboxSecurity(
        options.kerberos(),
        options.tokenRenewalSeconds().orElse(SandboxSecurity.DEFAULT_TOKEN_RENEWAL_SECONDS),
        options.tokenLifetimeSeconds().orElse(SandboxSecurity.DEFAULT_TOKEN_LIFETIME_SECONDS));
  }

  private static int choose(OptionalInt given, Optional<Integer> before, int otherwise) {
    return given.orElseGet(() -> before.orElse(otherwise));
  }

  private Map<SandboxPort, Integer> portsLike(Optional<SandboxSettings> before)
      throws SandboxException {
    Map<SandboxPort, Integer> chosen = new EnumMap<>(SandboxPort.class);
    if (before.isPresent()) {
      chosen.putAll(before.get().ports());
    }
    if (options.hivePort().isPresent()) {
      chosen.put(SandboxPort.HIVE, options.hivePort().getAsInt());
    }
    for (SandboxPort port : SandboxPort.values()) {
      while (!chosen.containsKey(port)) {
        int free = ports.findFree();
        if (!chosen.containsValue(free)) {
          chosen.put(port, free);
        }
      }
    }
    return chosen;
  }

  private void checkPorts(SandboxSettings settings) throws SandboxException {
    for (SandboxPort port : SandboxPort.values()) {
      if (settings.uses(port) && !Ports.isFree(settings.port(port))) {
        throw SandboxException.environment(
            "Cannot start the sandbox: port %d on 127.0.0.1, for %s, is in use. %s"
                .formatted(settings.port(port), port.label(), adviceOn(port)));
      }
    }
  }

  private static String adviceOn(SandboxPort port) {
    return port == SandboxPort.HIVE
        ? "End the process that has it, or choose another with --hive-port."
        : "End the process that has it, or make a new sandbox with --fresh or another --dir.";
  }

  private void launchAll(List<ServiceProcess> services, List<ProcessIdentity> owner)
      throws IOException, InterruptedException, SandboxException {
    SandboxStopper stopper = new SandboxStopper(directory);
    Runnable undo = stopper::killQuietly;
    interruption.push(undo);
    boolean complete = false;
    try {
      Deadline deadline = Deadline.in(options.startLimit());
      List<ProcessIdentity> watched = new ArrayList<>(owner);
      for (ServiceProcess service : services) {
        ProcessIdentity launched = service.launch(installation, watched, options.startLimit());
        // The others need HDFS, and none needs another.
        if (service.spec().equals(ServiceSpec.HADOOP)) {
          watched.add(launched);
        }
      }
      for (ServiceProcess service : services) {
        awaitReady(service, deadline);
      }
      Files.writeString(directory.startedMark(), "");
      complete = true;
    } finally {
      boolean exiting = !interruption.remove(undo);
      if (!complete && !exiting) {
        stopper.kill();
      }
    }
  }

  private void awaitReady(ServiceProcess service, Deadline deadline)
      throws IOException, InterruptedException, SandboxException {
    Optional<ProcessIdentity> process = service.find();
    deadline.await(() -> service.isReady() || process.filter(ProcessIdentity::isAlive).isEmpty());
    if (process.filter(ProcessIdentity::isAlive).isEmpty()) {
      throw SandboxException.environment(service.failure("it ended"));
    }
    if (!service.isReady()) {
      throw SandboxException.environment(
          service.failure("not ready after %d s".formatted(deadline.limit().toSeconds())));
    }
    progress.printf(
        Locale.ROOT, "%s: ready after %.1f s%n", service.spec().label(), deadline.elapsedSeconds());
  }
}
