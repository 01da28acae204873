package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * Deep Interest Evolution Network: the order of behaviours matters. An impression's interest, which
 * {@link InterestEvolution} makes of them, goes with all other inputs through 200 - 80 - 2 with
 * Dice by default (arXiv 1809.03672).
 */
final class DeepInterestEvolutionNetwork implements IdNetwork {
  private static final int CLASSES = 2;

  private final InterestEvolution evolution;
  private final HiddenLayers hidden;
  private final LinearLayer last;

  DeepInterestEvolutionNetwork(NetworkOptions options, IdShape shape) {
    this.evolution = new InterestEvolution(shape.behaviorWidth(), options.auxiliaryWeight());
    this.hidden =
        options.hiddenLayers(
            "dien", shape.flatWidth() + shape.behaviorWidth() + shape.imageWidth());
    this.last = new LinearLayer("dien." + options.hidden().size(), hidden.outputWidth(), CLASSES);
  }

  @Override
  public void declare(ParameterSet set) {
    evolution.declare(set);
    hidden.declare(set);
    last.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    Tensor interest = evolution.interest(ids.behaviors(), ids.target(), pass);
    Tensor inputs = IdInputs.join(ids.flatSample(), interest, ids.flatImpression(), images);
    return last.apply(hidden.apply(inputs, pass), pass.parameters());
  }
}
