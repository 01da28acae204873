package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Logistic regression: the sum of all fields' and crosses' weights and a linear function of the
 * image path's output (arXiv 1711.06505, table 6). An ID's weight lies in its row.
 */
final class LogisticRegression implements IdNetwork {
  private static final String BIAS = "lr.bias";

  private final LinearLayer images;

  LogisticRegression(IdShape shape) {
    this.images =
        shape.imageWidth() > 0 ? new LinearLayer("lr.images", shape.imageWidth(), 1) : null;
  }

  @Override
  public void declare(ParameterSet set) {
    if (images == null) {
      set.declare(BIAS, new Initial.Constant(0), 1);
    } else {
      images.declare(set);
    }
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor imagePath, ForwardPass pass) {
    Tensor weights = IdInputs.join(ids.weights(), ids.crossWeights());
    Tensor z = torch.sum(weights, new long[] {1}).unsqueeze(1);
    return ClickScores.ofLogOdds(
        z.add(images == null ? pass.parameter(BIAS) : images.apply(imagePath, pass.parameters())));
  }
}
