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

  /**
   * The codes on the GPU, instead of {@link #rows}; until {@link #backwardOnDevice}. Only of what
   * {@link ImagePath#prepareOnDevice} found and collected.
   *
   * @throws IllegalStateException where they are not computed by two networks of a GPU
   */
  default DeviceCodes codesOnDevice() {
    throw new IllegalStateException(
        "The pictures' codes are not computed by two networks of a GPU");
  }

  /**
   * Begins to compute the sub-model's gradients, instead of {@link #backward}, and gives back what
   * the step kept on the GPU.
   *
   * @param gradients by the codes of {@link #codesOnDevice}
   * @param scale factor of all gradients
   */
  default ImageGradients backwardOnDevice(DeviceCodes gradients, float scale) {
    throw new IllegalStateException(
        "The pictures' codes are not computed by two networks of a GPU");
  }

  @Override
  void close();
}
