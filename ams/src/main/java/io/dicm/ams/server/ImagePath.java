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
   * Finds the images of the only worker's step and has a GPU collect them, before the parameters
   * are there that the step is to have.
   *
   * @return to be closed by the caller
   * @throws IllegalStateException where codes are not computed by two networks of a GPU, for a
   *     worker that did not ask for each picture once, or for none, or for one whose code is not
   *     computed but learned; nothing is kept then
   */
  default PreparedImages prepareOnDevice(StepRequest request) {
    throw new IllegalStateException(
        "The pictures' codes are not computed by two networks of a GPU");
  }

  /** What was asked for so far. */
  ReferenceCounts references();

  /** After all steps. */
  @Override
  void close();
}
