package io.dicm.sandbox.control;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * {@code dicm sandbox start|stop|status}: results on standard output as {@code key=value}, all else
 * on standard error.
 */
public final class SandboxControl {
  private final PrintStream out;
  private final PrintStream err;
  private final Interruption interruption;

  SandboxControl(PrintStream out, PrintStream err, Interruption interruption) {
    this.out = out;
    this.err = err;
    this.interruption = interruption;
  }

  /** Runs the command and exits with its {@link ExitStatus}. */
  public static void main(String[] arguments) {
    Interruption interruption = new Interruption(System.err);
    interruption.install();
    ExitStatus status =
        new SandboxControl(System.out, System.err, interruption).run(List.of(arguments));
    if (interruption.end()) {
      System.exit(status.code());
    }
  }

  ExitStatus run(List<String> arguments) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      out.print(SandboxOptions.USAGE);
      return ExitStatus.OK;
    }
    try {
      SandboxOptions options = SandboxOptions.parse(arguments);
      return switch (options.command()) {
        case START -> start(options);
        case STOP -> stop(options);
        case STATUS -> status(options);
      };
    } catch (SandboxException e) {
      err.println(e.getMessage());
      if (e.status() == ExitStatus.USAGE) {
        err.print(SandboxOptions.USAGE);
      }
      return e.status();
    } catch (IOException e) {
      err.println("Cannot run the sandbox command: " + e);
      return ExitStatus.ENVIRONMENT;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitStatus.INTERRUPTED;
    }
  }

  private ExitStatus start(SandboxOptions options)
      throws IOException, InterruptedException, SandboxException {
    SandboxSettings settings =
        new SandboxStarter(options, new Ports(RandomGenerator.getDefault()), err, interruption)
            .start();
    printAddresses(options.directory(), settings);
    return ExitStatus.OK;
  }

  private ExitStatus stop(SandboxOptions options)
      throws IOException, InterruptedException, SandboxException {
    boolean ran = new SandboxStopper(options.directory()).stop();
    err.printf(
        "The sandbox in %s %s.%n",
        options.directory().root(), ran ? "is stopped" : "was not running");
    return ExitStatus.OK;
  }

  private ExitStatus status(SandboxOptions options) throws IOException, SandboxException {
    SandboxDirectory directory = options.directory();
    if (!directory.exists()) {
      out.println("sandbox=none");
      return ExitStatus.NOT_RUNNING;
    }
    SandboxSettings settings = SandboxSettings.load(directory.settingsFile());
    boolean running = true;
    for (ServiceSpec spec : ServiceSpec.ALL) {
      if (settings.runs(spec)) {
        running &= printState(new ServiceProcess(spec, directory));
      }
    }
    printAddresses(directory, settings);
    for (SandboxPort port : SandboxPort.values()) {
      if (settings.uses(port)) {
        out.println("port." + port.key() + "=" + settings.port(port));
      }
    }
    return running ? ExitStatus.OK : ExitStatus.NOT_RUNNING;
  }

  private boolean printState(ServiceProcess service) throws IOException {
    Optional<ProcessIdentity> process = service.find();
    out.println(service.spec().name() + "=" + state(service, process));
    process.ifPresent(found -> out.println(service.spec().name() + ".pid=" + found.pid()));
    return process.isPresent() && service.isReady();
  }

  private static String state(ServiceProcess service, Optional<ProcessIdentity> process) {
    if (process.isEmpty()) {
      return "stopped";
    }
    return service.isReady() ? "running" : "starting";
  }

  private void printAddresses(SandboxDirectory directory, SandboxSettings settings) {
    out.println("HADOOP_CONF_DIR=" + directory.conf());
    if (settings.hive()) {
      out.println("JDBC_URL=" + settings.jdbcUrl());
    }
    if (settings.oozie()) {
      out.println("OOZIE_URL=" + settings.oozieUrl());
    }
    out.println("HDFS_URI=" + settings.hdfsUri());
    out.println("HDFS_WEB=http://" + settings.address(SandboxPort.NAMENODE_WEB) + "/");
    out.println("YARN_WEB=http://" + settings.address(SandboxPort.RESOURCE_MANAGER_WEB) + "/");
  }
}
