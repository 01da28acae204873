package io.dicm.ams.server;

/**
 * A step whose pictures and IDs have been found, and whose pictures the GPU collects, while the
 * step before it is being made. For one thread.
 */
public interface PreparedDeviceStep extends AutoCloseable {
  /**
   * Begins the step, with the parameters as they are now; once.
   *
   * @return the caller's to finish and to close; owns what was collected
   */
  DeviceStep begin();

  /** Frees what was collected unless {@link #begin} was called. May be called again. */
  @Override
  void close();
}
