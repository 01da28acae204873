package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import java.util.List;

/**
 * A step whose images nothing is learned from: what is sent is all there is, and nothing comes
 * back.
 *
 * @param rows what is sent
 */
record UntrainedStep(ImageRows rows) implements ImageStep {
  @Override
  public ImageGradients backward(List<StepGradients> gradients, float scale) {
    return new NoGradients();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
