package io.dicm.app.master.rm;

/** Told about containers that ended. Called from the resource manager client's thread. */
@FunctionalInterface
public interface ContainerListener {
  /** Tells nobody. */
  ContainerListener NONE = (containerId, exitStatus, diagnostics) -> {};

  /**
   * @param exitStatus the process's, or one of YARN's {@code ContainerExitStatus}
   * @param diagnostics YARN's words on it
   */
  void ended(String containerId, int exitStatus, String diagnostics);
}
