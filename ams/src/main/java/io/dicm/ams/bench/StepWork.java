package io.dicm.ams.bench;

import io.dicm.ams.submodel.NetworkLayout;
import io.dicm.ams.submodel.NetworkLayout.FlatTensor;

/**
 * The arithmetic of one step of a compression network: the matrix products alone, a multiplication
 * and an addition for each weight and image.
 *
 * @param images different images of the step
 * @param dimension length of their vectors
 */
public record StepWork(double images, int dimension) {
  /**
   * Operations of forward and backward. Backward has the weights' gradient of every layer and the
   * inputs' gradient of every layer but the first, whose inputs are not trained.
   */
  public double operations() {
    double weights = 0;
    double innerWeights = 0;
    for (FlatTensor tensor : NetworkLayout.of(dimension).tensors()) {
      if (tensor.shape().length == 2) {
        weights += tensor.length();
        innerWeights += tensor.shape()[1] == dimension ? 0 : tensor.length();
      }
    }
    return 2.0 * images * (2 * weights + innerWeights);
  }
}
