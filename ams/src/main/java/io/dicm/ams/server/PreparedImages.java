package io.dicm.ams.server;

/**
 * The images of a step on a GPU, found and collected before the parameters are what the step is to
 * have. For one thread.
 */
interface PreparedImages extends AutoCloseable {
  /**
   * Lets them go through the sub-model as it is now; once.
   *
   * @return owns what was collected; to be closed by the caller
   */
  DeviceImages forward();

  /** Gives back what was collected unless {@link #forward} has. May be called again. */
  @Override
  void close();
}
