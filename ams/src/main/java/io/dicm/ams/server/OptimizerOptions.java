package io.dicm.ams.server;

import io.dicm.ams.embedding.ByColumns;
import io.dicm.ams.embedding.RowColumns;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.optimizer.Optimizer;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Map;
import java.util.Optional;

/**
 * How a gang's parameters are updated.
 *
 * @param learningRate of the networks; those of the ID embeddings and of the IDs' weights follow
 *     it, FTRL's its initial value alone
 * @param networks optimiser of the sub-model and of the dense parameters
 * @param ids optimiser of the ID embeddings
 * @param idRateRatio learning rate of the ID embeddings by that of the networks
 * @param idL2 strength of the L2 on ID embeddings that a step touches, 0: none
 * @param weights how the IDs' weights are updated; nothing: they have none
 */
public record OptimizerOptions(
    LearningRate learningRate,
    Optimizer networks,
    Optimizer ids,
    float idRateRatio,
    float idL2,
    Optional<WeightOptimizer> weights) {
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

  /** For IDs without weights. */
  public OptimizerOptions(
      LearningRate learningRate, Optimizer networks, Optimizer ids, float idRateRatio, float idL2) {
    this(learningRate, networks, ids, idRateRatio, idL2, Optional.empty());
  }

  /** Adam at one learning rate for everything, without weights of IDs. */
  public static OptimizerOptions adam(float learningRate) {
    return new OptimizerOptions(LearningRate.constant(learningRate), new Adam(), new Adam(), 1, 0);
  }

  /** The same, and weights of IDs. */
  public OptimizerOptions withWeights(WeightOptimizer added) {
    return new OptimizerOptions(learningRate, networks, ids, idRateRatio, idL2, Optional.of(added));
  }

  /** The optimisers of an ID's row. */
  public ByColumns ofRows(RowColumns columns) {
    return new ByColumns(columns, ids, weights.map(WeightOptimizer::optimizer).orElse(ids));
  }

  /** Name of the optimiser of the IDs' weights; empty where they have none. */
  public String weightOptimizerName() {
    return weights.map(has -> has.optimizer().name()).orElse("");
  }

  /**
   * The learning rate of the ID embeddings in a step. FTRL's is a part of what it keeps for each
   * value and shrinks by itself: changed from outside, it would rescale the values.
   */
  float idRateAt(long step) {
    return rateAt(step, ids, idRateRatio);
  }

  /** The learning rate of the IDs' weights in a step; the embeddings' where they have none. */
  float weightRateAt(long step) {
    return weights
        .map(has -> rateAt(step, has.optimizer(), has.rateRatio()))
        .orElseGet(() -> idRateAt(step));
  }

  private float rateAt(long step, Optimizer optimizer, float ratio) {
    return ratio * (optimizer instanceof Ftrl ? learningRate.initial() : learningRate.at(step));
  }

  /**
   * What the ID embeddings' optimiser keeps for each value depends on, by name: FTRL makes each
   * value anew from its sums by its learning rate, L1 and L2, so that others would rescale all.
   */
  Map<String, Float> idSettings() {
    return settings(ids, idRateAt(0));
  }

  /** The same of the optimiser of the IDs' weights. */
  Map<String, Float> weightSettings() {
    return weights.map(has -> settings(has.optimizer(), weightRateAt(0))).orElse(Map.of());
  }

  private static Map<String, Float> settings(Optimizer optimizer, float rate) {
    return optimizer instanceof Ftrl ftrl
        ? Map.of("learningRate", rate, "l1", ftrl.l1(), "l2", ftrl.l2())
        : Map.of();
  }
}
