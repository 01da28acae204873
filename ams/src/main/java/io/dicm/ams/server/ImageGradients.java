package io.dicm.ams.server;

import java.util.List;

/** The sub-model's gradients of a step, which may still be computed. For one thread. */
interface ImageGradients {
  /** Of images that nothing is learned from. */
  ImageGradients NONE = there(List.of());

  /** Gradients that are there. */
  static ImageGradients there(List<float[]> networks) {
    return new ImageGradients() {
      @Override
      public boolean computedBeside() {
        return false;
      }

      @Override
      public List<float[]> await() {
        return networks;
      }
    };
  }

  /** Whether a GPU computes them, so that the processor has time until they are waited for. */
  boolean computedBeside();

  /**
   * Waits for them.
   *
   * @return one for each network, until the next call of any step's; an empty one where no image
   *     went through it, or where the loss does not depend on any
   */
  List<float[]> await();
}
