package io.dicm.app.master.membership;

import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.yarn.api.records.ContainerExitStatus;

/** Whether starting a gang again may mend what failed. */
public enum Recovery {
  /** No: it would fail in the same way again. */
  NONE,
  /** Perhaps: a process died, hung or did not reach another. */
  RESTART,
  /** Perhaps, on other nodes: one lacks what its container needs, and would lack it again. */
  ELSEWHERE,
  /** Yes: the cluster took a container away, whatever it did. */
  FREE_RESTART;

  /** After an error with this code, which a member or the master met. */
  public static Recovery of(ErrorCode code) {
    return switch (code) {
      case CONTAINER_FAILED,
          SERVICE_UNAVAILABLE,
          WINDOW_TIMED_OUT,
          STALE_EPOCH,
          STORAGE_FAILED,
          PORT_IN_USE,
          GPU_FAILED ->
          RESTART;
      case GPU_UNAVAILABLE -> ELSEWHERE;
      // Mistakes, defects, corrupt stores, and a queue that is full: the wait for it has its limit.
      default -> NONE;
    };
  }

  /**
   * After a container that YARN says has ended.
   *
   * @param exitStatus the process's, or one of {@link ContainerExitStatus}
   */
  public static Recovery ofExit(int exitStatus) {
    return switch (exitStatus) {
      case ContainerExitStatus.ABORTED, // Its node was lost.
          ContainerExitStatus.DISKS_FAILED,
          ContainerExitStatus.PREEMPTED,
          ContainerExitStatus.KILLED_BY_RESOURCEMANAGER,
          ContainerExitStatus.KILLED_BY_CONTAINER_SCHEDULER ->
          FREE_RESTART;
      // The same work needs the same memory again.
      case ContainerExitStatus.KILLED_EXCEEDED_PMEM, ContainerExitStatus.KILLED_EXCEEDED_VMEM ->
          NONE;
      default -> RESTART;
    };
  }
}
