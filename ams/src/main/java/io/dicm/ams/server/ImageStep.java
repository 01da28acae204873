package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import java.util.List;

/** What a step got of the images, and the way back. For one thread. */
interface ImageStep extends AutoCloseable {
  /** Rows of the ad images by worker, [keys, image row length] each. */
  List<float[]> ads();

  /** Rows of the behaviours' images by worker, [keys, image row length] each. */
  List<float[]> behaviors();

  /**
   * The sub-model's gradients, one for each network, until the next call of any step's; an empty
   * one where no image went through it.
   *
   * @param gradients by worker, in the order of the requests
   * @param scale factor of all gradients
   */
  List<float[]> backward(List<StepGradients> gradients, float scale);

  @Override
  void close();
}
