package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import java.util.List;

/**
 * What a step got of the images, and the way back. Both ways are begun and waited for apart, so
 * that the processor finds, reads and updates IDs while a GPU computes. For one thread.
 */
interface ImageStep extends AutoCloseable {
  /** Waits for the images' rows; once. */
  ImageRows rows();

  /**
   * Begins to compute the sub-model's gradients; once.
   *
   * @param gradients by worker, in the order of the requests; read when this returns
   * @param scale factor of all gradients
   */
  ImageGradients backward(List<StepGradients> gradients, float scale);

  @Override
  void close();
}
