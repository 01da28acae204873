package io.dicm.ams.server;

import io.dicm.ams.optimizer.Optimizer;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * How the weights are updated that IDs have in a network's linear part.
 *
 * @param optimizer of each ID's weights
 * @param rateRatio learning rate of the weights by that of the networks
 */
public record WeightOptimizer(Optimizer optimizer, float rateRatio) {
  public WeightOptimizer {
    if (!(rateRatio > 0) || rateRatio == Float.POSITIVE_INFINITY) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot set up the model server: the learning rate of the IDs' weights was "
              + rateRatio
              + " times that of the networks, allowed > 0.");
    }
  }
}
