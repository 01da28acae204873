package io.dicm.sandbox.control;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Ends every process of a sandbox; its data stays. */
final class SandboxStopper {
  private final SandboxDirectory directory;

  SandboxStopper(SandboxDirectory directory) {
    this.directory = directory;
  }

  /**
   * Stops in order, by force where that takes too long.
   *
   * @return whether anything ran
   */
  boolean stop() throws IOException, InterruptedException, SandboxException {
    if (!Files.isDirectory(directory.run())) {
      return false;
    }
    return new SandboxLock(directory).hold(this::stopAll);
  }

  private boolean stopAll() throws IOException, InterruptedException {
    boolean ran = false;
    for (ServiceProcess service : lastFirst()) {
      ran |= service.find().isPresent();
      service.stop();
    }
    // Not earlier: without it the first service would end itself while the last one still stops.
    Files.deleteIfExists(directory.startedMark());
    return new LeftoverProcesses(directory).killAll() > 0 || ran;
  }

  /** Ends everything at once. */
  void kill() throws IOException, InterruptedException {
    for (ServiceProcess service : lastFirst()) {
      service.kill();
    }
    new LeftoverProcesses(directory).killAll();
  }

  /** {@link #kill} for a JVM that is exiting. */
  void killQuietly() {
    try {
      kill();
    } catch (IOException e) {
      System.err.println("Cannot end the sandbox's processes: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ServiceProcess> lastFirst() {
    List<ServiceProcess> services = new ArrayList<>();
    ServiceSpec.ALL.forEach(spec -> services.add(new ServiceProcess(spec, directory)));
    Collections.reverse(services);
    return services;
  }
}
