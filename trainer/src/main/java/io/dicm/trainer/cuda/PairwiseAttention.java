package io.dicm.trainer.cuda;

import org.bytedeco.pytorch.Tensor;

/**
 * One channel of attentive pooling over ragged behaviours, forward and back, from the first layer's
 * two tables on (arXiv 1711.06505, section 4.2): w = FC1(PReLU(FC16(PReLU(c + q)))) of each pair of
 * a behaviour and an impression, pooled = sum of w v. Safe for use by many threads.
 */
public interface PairwiseAttention extends AutoCloseable {
  /**
   * What a channel pools, where this is computed, float and contiguous.
   *
   * @param ofCodes the first layer's share of each unique behaviour, [b, 64]
   * @param ofQueries the first layer's share of each impression, its bias in it, [m, 64]
   * @param codes of unique behaviours, [b, code width]
   */
  record Tables(Tensor ofCodes, Tensor ofQueries, Tensor codes) {}

  /**
   * What comes out.
   *
   * @param weights of pairs, [r]
   * @param pooled each impression's sum of its behaviours' codes times weights, [m, code width];
   *     zeros for one without behaviours
   */
  record Output(Tensor weights, Tensor pooled) {}

  /**
   * What goes back.
   *
   * @param ofCodes of the first layer's shares of behaviours, [b, 64]
   * @param ofQueries of the first layer's shares of impressions, [m, 64]
   * @param codes of codes through the sum alone, not through {@code ofCodes}, [b, code width]
   * @param layers of the further layers
   */
  record Gradients(Tensor ofCodes, Tensor ofQueries, Tensor codes, AttentionLayers layers) {}

  /**
   * Pools.
   *
   * @return tensors of the caller's pointer scope
   */
  Output forward(PairTensors pairs, Tables tables, AttentionLayers layers);

  /**
   * Goes back.
   *
   * @param gradient of the pooled codes, [m, code width], contiguous
   * @return tensors of the caller's pointer scope
   */
  Gradients backward(PairTensors pairs, Tables tables, AttentionLayers layers, Tensor gradient);

  @Override
  void close();
}
