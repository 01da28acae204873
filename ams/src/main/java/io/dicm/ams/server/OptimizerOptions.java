package io.dicm.ams.server;

import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Map;

/**
 * How a gang's parameters are updated.
 *
 * @param learningRate of the networks; that of the ID embeddings follows it, FTRL's its initial
 *     value alone
 * @param networks optimiser of the sub-model and of the dense parameters
 * @param ids optimiser of the ID embeddings
 * @param idRateRatio learning rate of the ID embeddings by that of the networks
 * @param idL2 strength of the L2 on ID embeddings that a step touches, 0: none
 */
public record OptimizerOptions(
    LearningRate learningRate, Optimizer networks, Optimizer ids, float idRateRatio, float idL2) {
  public OptimizerOptions {
    if (!(idRateRatio > 0) || idRateRatio == Float.POSITIVE_INFINITY) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot set up the model server: the ID embeddings' learning rate was "
              + idRateRatio
              + " times that of the networks, allowed > 0.");
    }
    if (!(idL2 >= 0) || idL2 == Float.POSITIVE_INFINITY) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot set up the model server: the ID embeddings' L2 was " + idL2 + ", allowed >= 0.");
    }
  }

  /**
   * The learning rate of the ID embeddings in a step. FTRL's is a part of what it keeps for each
   * value and shrinks by itself: changed from outside, it would rescale the values.
   */
  float idRateAt(long step) {
    return idRateRatio * (ids instanceof Ftrl ? learningRate.initial() : learningRate.at(step));
  }

  /**
   * What the ID embeddings' optimiser keeps for each value depends on, by name: FTRL makes each
   * value anew from its sums by its learning rate, L1 and L2, so that others would rescale all.
   */
  Map<String, Float> idSettings() {
    return ids instanceof Ftrl ftrl
        ? Map.of("learningRate", idRateAt(0), "l1", ftrl.l1(), "l2", ftrl.l2())
        : Map.of();
  }

  /** Adam at one learning rate for everything. */
  public static OptimizerOptions adam(float learningRate) {
    return new OptimizerOptions(LearningRate.constant(learningRate), new Adam(), new Adam(), 1, 0);
  }
}
