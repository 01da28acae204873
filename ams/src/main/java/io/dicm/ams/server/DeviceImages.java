package io.dicm.ams.server;

/**
 * The images of a step whose codes stay on the GPU that computes them, and the way back. For one
 * thread.
 */
interface DeviceImages extends AutoCloseable {
  /** The codes, which the GPU may still be computing; until {@link #backward}. */
  DeviceCodes codes();

  /**
   * Begins to compute the sub-model's gradients, and gives back what the step kept on the GPU;
   * once.
   *
   * @param gradients by the codes
   * @param scale factor of all gradients
   */
  ImageGradients backward(DeviceCodes gradients, float scale);

  /** Gives back what is kept yet. */
  @Override
  void close();
}
