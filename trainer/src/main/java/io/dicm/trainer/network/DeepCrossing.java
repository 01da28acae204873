package io.dicm.trainer.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Deep Crossing (Shan et al., KDD 2016): each field's embedding max(W_i x + b_i, 0), where W_i's
 * columns are the values' rows, stacked with the image path's output; a residual unit for each
 * hidden width; one log odds. Dropout, none in the paper, is of the units' hidden values, which
 * leaves what they add to whole.
 */
final class DeepCrossing implements IdNetwork {
  private static final String BIAS = "embedding.bias";

  private final IdShape shape;
  private final List<ResidualUnit> units = new ArrayList<>();
  private final LinearLayer last;

  DeepCrossing(NetworkOptions options, IdShape shape) {
    this.shape = shape;
    int width = shape.flatWidth() + shape.imageWidth();
    for (int hidden : options.hidden()) {
      units.add(new ResidualUnit("unit." + units.size(), width, hidden, options.dropout()));
    }
    this.last = new LinearLayer("score", width, 1);
  }

  @Override
  public void declare(ParameterSet set) {
    set.declare(BIAS, new Initial.Constant(0), shape.fields(), shape.embeddingWidth());
    units.forEach(unit -> unit.declare(set));
    last.declare(set);
  }

  @Override
  public Tensor logits(IdInputs ids, Tensor images, ForwardPass pass) {
    Tensor embeddings = torch.relu(ids.embeddings().add(pass.parameter(BIAS))).flatten(1, -1);
    Tensor x = IdInputs.join(embeddings, images);
    for (ResidualUnit unit : units) {
      x = unit.apply(x, pass);
    }
    return ClickScores.ofLogOdds(last.apply(x, pass.parameters()));
  }
}
