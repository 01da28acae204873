package io.dicm.ams.server;

import java.util.List;

/** The sub-model's gradients of a step, which may still be computed. For one thread. */
interface ImageGradients {
  /** Whether a GPU computes them, so that the processor has time until they are waited for. */
  boolean computedBeside();

  /**
   * Waits for them.
   *
   * @return one for each network, until the next call of any step's; an empty one where no image
   *     went through it, or where the loss does not depend on any
   */
  List<float[]> networks();
}
