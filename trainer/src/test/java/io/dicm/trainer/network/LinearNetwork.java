package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;

/** The example of docs/models.md, word for word. */
final class LinearNetwork implements IdNetwork {
  private final LinearLayer layer;

  LinearNetwork(IdShape shape) {
    this.layer = new LinearLayer("linear", shape.flatWidth() + shape.imageWidth(), 2);
  }

  @Override
  public void declare(ParameterSet set) {
    layer.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    Tensor inputs = IdInputs.join(ids.flatSample(), ids.flatImpression(), images);
    return layer.apply(inputs, pass.parameters());
  }
}
