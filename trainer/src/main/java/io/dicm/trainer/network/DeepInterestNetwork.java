package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * Deep Interest Network: behaviours are summed up by how much each has to do with the shown item,
 * then go with all other inputs through 200 - 80 - 2 with Dice by default (arXiv 1706.06978). The
 * weights are not normalised, so that their sum says how strong the interest is, unless an option
 * asks for a softmax.
 */
final class DeepInterestNetwork implements IdNetwork {
  private static final int CLASSES = 2;

  private final TargetAttention attention;
  private final HiddenLayers hidden;
  private final LinearLayer last;

  DeepInterestNetwork(NetworkOptions options, IdShape shape) {
    this.attention =
        new TargetAttention(
            "din.attention",
            shape.behaviorWidth(),
            options.attentionHidden(),
            options.activation(),
            options.attentionSoftmax());
    this.hidden =
        options.hiddenLayers("din", shape.flatWidth() + shape.behaviorWidth() + shape.imageWidth());
    this.last = new LinearLayer("din." + options.hidden().size(), hidden.outputWidth(), CLASSES);
  }

  @Override
  public void declare(ParameterSet set) {
    attention.declare(set);
    hidden.declare(set);
    last.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    Tensor pooled =
        attention.pool(
            ids.behaviors().rows(), ids.target(), new BehaviorPairs(ids.behaviors()), pass);
    Tensor inputs = IdInputs.join(ids.flatSample(), pooled, ids.flatImpression(), images);
    return last.apply(hidden.apply(inputs, pass), pass.parameters());
  }
}
