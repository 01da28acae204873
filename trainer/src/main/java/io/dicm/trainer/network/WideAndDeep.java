package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Wide &amp; Deep (arXiv 1606.07792): the log odds are the sum of the wide part, all fields' and
 * crosses' weights, and of the deep part, hidden layers over embeddings and the image path's
 * output. The weights lie in the IDs' rows; the bias is the deep part's.
 */
final class WideAndDeep implements IdNetwork {
  private final HiddenLayers hidden;
  private final LinearLayer last;

  WideAndDeep(NetworkOptions options, IdShape shape) {
    this.hidden = options.hiddenLayers("deep", shape.flatWidth() + shape.imageWidth());
    this.last = new LinearLayer("deep." + options.hidden().size(), hidden.outputWidth(), 1);
  }

  @Override
  public void declare(ParameterSet set) {
    hidden.declare(set);
    last.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    Tensor weights = IdInputs.join(ids.weights(), ids.crossWeights());
    Tensor wide = torch.sum(weights, new long[] {1}).unsqueeze(1);
    Tensor inputs = IdInputs.join(ids.flatEmbeddings(), images);
    Tensor deep = last.apply(hidden.apply(inputs, pass), pass.parameters());
    return ClickScores.ofLogOdds(wide.add(deep));
  }
}
