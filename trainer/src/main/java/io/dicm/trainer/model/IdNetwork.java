package io.dicm.trainer.model;

import org.bytedeco.pytorch.Tensor;

/**
 * The replaceable side of the model that reads ID embeddings and gives the answer; the image path's
 * outputs join its input (arXiv 1711.06505, figure 2).
 */
interface IdNetwork {
  /** Declares the parameters. */
  void declare(ParameterSet set);

  /**
   * One pass.
   *
   * @param ids pooled ID embeddings
   * @param images the image path's output, [impressions, image width], or null without pictures
   * @return scores of "no click" and "click", [impressions, 2]
   */
  Tensor logits(PooledIds ids, Tensor images, Parameters parameters);

  /**
   * Pooled ID embeddings, fields side by side.
   *
   * @param sample user fields, then behaviour fields, [impressions, width]; null without any
   * @param impression item fields, then context fields, [impressions, width]
   */
  record PooledIds(Tensor sample, Tensor impression) {}
}
