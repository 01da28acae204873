package io.dicm.ams.server;

import io.dicm.ams.client.StepRequest;
import java.util.List;

/** From the image keys of a window to what its workers get for them. For one thread. */
interface ImagePath extends AutoCloseable {
  /** Length of what a worker gets for an image. */
  int rowLength();

  /** Whether workers send gradients of the rows that they get. */
  boolean trainsImages();

  /**
   * Begins to answer the image keys of a window.
   *
   * @param requests by worker
   * @return to be closed by the caller
   */
  ImageStep forward(List<StepRequest> requests);

  /**
   * Finds and collects the images of a window whose parameters are not there yet, so that a GPU has
   * them when they are.
   *
   * @param requests by worker
   * @return to be closed by the caller
   * @throws IllegalStateException where there is no sub-model
   */
  default PreparedImages prepare(List<StepRequest> requests) {
    throw new IllegalStateException("There is no sub-model that pictures could be collected for");
  }

  /** What was asked for so far. */
  ReferenceCounts references();

  /** After all steps. */
  @Override
  void close();
}
