package io.dicm.ams.server;

import io.dicm.ams.client.StepGradients;
import java.util.List;

/**
 * A step whose images nothing is learned from: what is sent is all there is, and nothing comes
 * back.
 *
 * @param await what is sent
 */
record UntrainedStep(ImageRows await) implements ImageStep {
  @Override
  public ImageGradients backward(List<StepGradients> gradients, float scale) {
    return ImageGradients.NONE;
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
