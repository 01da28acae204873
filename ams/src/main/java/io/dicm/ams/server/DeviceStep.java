package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import io.dicm.ams.client.StepInputs;

/**
 * A step of a {@link LocalServer} whose worker computes on the server's GPU: codes and their
 * gradients stay there, and neither way waits for what the GPU computes. For one thread, which uses
 * one stream of the GPU for server and worker.
 */
public interface DeviceStep extends AutoCloseable {
  /** What else the server answers; the arrays of codes are empty. */
  StepInputs inputs();

  /** The codes, which the GPU may still be computing; until {@link #beginImages}. */
  DeviceCodes codes();

  /**
   * Begins to compute the sub-model's gradients; once. What the step kept on the GPU is given back.
   *
   * @param gradients of the sum of the impressions' losses by the codes, which the GPU may still be
   *     computing
   * @param impressions of the step, 1 or more
   */
  void beginImages(DeviceCodes gradients, int impressions);

  /**
   * Updates everything, IDs and network while the GPU computes the images' gradients; once, after
   * {@link #beginImages}.
   *
   * @param gradients with as many impressions; its arrays of codes are not read
   */
  void finish(StepGradients gradients);

  /** Frees what the step holds. */
  @Override
  void close();
}
