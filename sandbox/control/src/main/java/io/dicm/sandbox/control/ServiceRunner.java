package io.dicm.sandbox.control;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Main loop of a sandbox process: starts its service, marks it ready, and stops it on SIGTERM or
 * when a process that it watches ends.
 *
 * <p>The process always leaves through {@link Runtime#halt}: the libraries inside register shutdown
 * hooks of their own, which would close file systems while the service still writes through them.
 */
public final class ServiceRunner {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration WATCH_INTERVAL = Duration.ofMillis(500);

  private final String name;
  private final SandboxDirectory directory;
  private final SandboxService service;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean ready;

  private ServiceRunner(String name, SandboxDirectory directory, SandboxService service) {
    this.name = name;
    this.directory = directory;
    this.service = service;
  }

  /** What one process serves. */
  public interface SandboxService {
    /**
     * Starts; returns when clients can use it.
     *
     * @param limit longest wait for anything; the controller gives up then
     */
    void start(SandboxDirectory directory, SandboxSettings settings, Duration limit)
        throws Exception;

    /** Stops in order; called once, and only after a complete start. */
    void stop() throws Exception;

    /** Called last, also when stopping failed or took too long. */
    default void cleanUp(SandboxDirectory directory) throws Exception {}
  }

  /**
   * Runs the service until the process is told to end. Does not return.
   *
   * @param arguments the sandbox's folder, the longest wait for readiness in seconds, the id of the
   *     controller that starts it, then the ids of the processes that it must not outlive
   */
  public static void run(String name, SandboxService service, String... arguments) {
    SandboxDirectory directory = SandboxDirectory.at(Path.of(arguments[0]));
    new ServiceRunner(name, directory, service)
        .run(
            Duration.ofSeconds(Long.parseLong(arguments[1])),
            List.of(arguments).subList(2, arguments.length));
  }

  private void run(Duration startLimit, List<String> pids) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndHalt, name + "-stop"));
    try {
      ProcessIdentity controller = identify(pids.subList(0, 1)).get(0);
      List<ProcessIdentity> owners = identify(pids.subList(1, pids.size()));
      Thread watch = new Thread(() -> watch(controller, owners), name + "-watch");
      watch.setDaemon(true);
      watch.start();
      service.start(directory, SandboxSettings.load(directory.settingsFile()), startLimit);
      ready = true;
      Files.writeString(new ServiceFiles(directory, name).ready(), "");
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception | LinkageError e) {
      report("run", e);
      Runtime.getRuntime().halt(ExitStatus.ENVIRONMENT.code());
    }
  }

  private static List<ProcessIdentity> identify(List<String> pids) throws SandboxException {
    List<ProcessIdentity> processes = new ArrayList<>();
    for (String pid : pids) {
      Optional<ProcessIdentity> process = ProcessIdentity.of(Long.parseLong(pid));
      processes.add(
          process.orElseThrow(
              () ->
                  SandboxException.environment(
                      "process %s, to which it belongs, has ended".formatted(pid))));
    }
    return processes;
  }

  private void watch(ProcessIdentity controller, List<ProcessIdentity> owners) {
    try {
      while (owners.stream().allMatch(ProcessIdentity::isAlive) && isWanted(controller)) {
        TimeUnit.MILLISECONDS.sleep(WATCH_INTERVAL.toMillis());
      }
      System.err.println("A process that " + name + " belongs to has ended: stopping.");
      stopAndHalt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * The controller may go once all processes of the sandbox are up; if it goes earlier the start
   * has failed.
   */
  private boolean isWanted(ProcessIdentity controller) {
    return Files.exists(directory.startedMark()) || controller.isAlive();
  }

  private synchronized void stopAndHalt() {
    if (ready) {
      ready = false;
      Thread stopper = new Thread(this::stop, name + "-service-stop");
      stopper.setDaemon(true);
      stopper.start();
      awaitStopped();
    }
    cleanUp();
    Runtime.getRuntime().halt(ExitStatus.OK.code());
  }

  private void stop() {
    try {
      service.stop();
    } catch (Exception e) {
      report("stop", e);
    } finally {
      stopped.countDown();
    }
  }

  private void awaitStopped() {
    try {
      if (!stopped.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        System.err.printf(
            "ERROR %s did not stop within %s: ending it as it is.%n", name, STOP_LIMIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cleanUp() {
    try {
      service.cleanUp(directory);
    } catch (Exception e) {
      report("clean up after", e);
    }
  }

  /** Stack trace first, since the controller shows the last error line of the log. */
  private void report(String what, Throwable error) {
    error.printStackTrace(System.err);
    System.err.printf("ERROR Cannot %s %s: %s%n", what, name, rootCause(error));
  }

  private static Throwable rootCause(Throwable error) {
    Throwable cause = error;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}
