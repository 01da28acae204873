package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * The replaceable side of the model that reads IDs and gives the answer; the image path's output
 * joins its input (arXiv 1711.06505, figure 2). Immutable and safe for use by many threads; a new
 * one is a class here and a line in {@link IdNetworkKind}.
 */
public interface IdNetwork {
  /** Declares the parameters; their order is that of the flat vector. */
  void declare(ParameterSet set);

  /**
   * One pass. In training the network may leave statistics and a loss of its own in the pass.
   *
   * @param ids rows of the batch's IDs
   * @param images the image path's output, [impressions, image width], or null without pictures
   * @param pass parameters, and what the step is for: {@link Objective#WHOLE}, or {@link
   *     Objective#PRETRAINING} for a network that has one
   * @return scores of "no click" and "click", [impressions, 2]
   */
  Tensor logits(IdInputs ids, Tensor images, ForwardPass pass);
}
