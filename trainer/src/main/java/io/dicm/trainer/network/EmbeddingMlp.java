package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/**
 * Embedding &amp; MLP: all inputs side by side, then 200 - 80 - 2 with PReLU by default (arXiv
 * 1711.06505, section 4.3).
 */
final class EmbeddingMlp implements IdNetwork {
  private static final int CLASSES = 2;

  private final HiddenLayers hidden;
  private final LinearLayer last;

  EmbeddingMlp(NetworkOptions options, IdShape shape) {
    this.hidden = options.hiddenLayers("mlp", shape.flatWidth() + shape.imageWidth());
    this.last = new LinearLayer("mlp." + options.hidden().size(), hidden.outputWidth(), CLASSES);
  }

  @Override
  public void declare(ParameterSet set) {
    hidden.declare(set);
    last.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    Tensor inputs = IdInputs.join(ids.flatSample(), ids.flatImpression(), images);
    return last.apply(hidden.apply(inputs, pass), pass.parameters());
  }
}
