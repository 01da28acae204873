package io.dicm.trainer.network;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * How much each behaviour counts for the shown item: a(e, v) of their embeddings, a perceptron of
 * [e, e - v, e * v, v] with one output (arXiv 1706.06978, figure 2; the parts as in the authors'
 * own network). The first layer is W [e, e - v, e * v, v] = (W1 + W2) e + W3 (e * v) + (W4 - W2) v:
 * half as wide, and the last term is computed once an impression.
 */
final class TargetAttention {
  private static final int PARTS = 4;

  private final List<LinearLayer> layers = new ArrayList<>();
  private final List<ActivationLayer> activations = new ArrayList<>();
  private final boolean softmax;

  /**
   * @param name prefix of the parameters
   * @param width of e and of v
   * @param hidden widths of the hidden layers, at least one
   * @param activation after each of them
   * @param softmax whether an impression's weights are made to sum up to 1
   */
  TargetAttention(
      String name, int width, List<Integer> hidden, Activation activation, boolean softmax) {
    int inputs = PARTS * width;
    for (int i = 0; i < hidden.size(); i++) {
      layers.add(new LinearLayer(name + "." + i, inputs, hidden.get(i)));
      activations.add(activation.layer(name + "." + i, hidden.get(i)));
      inputs = hidden.get(i);
    }
    layers.add(new LinearLayer(name + "." + hidden.size(), inputs, 1));
    this.softmax = softmax;
  }

  void declare(ParameterSet set) {
    for (int i = 0; i < layers.size(); i++) {
      layers.get(i).declare(set);
      if (i < activations.size()) {
        activations.get(i).declare(set);
      }
    }
  }

  /**
   * The weighted sum of each impression's behaviours, zeros without any.
   *
   * @param behaviors e, [behaviors, width]
   * @param target v, [impressions, width]
   * @return [impressions, width]
   */
  Tensor pool(Tensor behaviors, Tensor target, BehaviorPairs pairs, ForwardPass pass) {
    if (pairs.count() == 0) {
      return torch.zeros_like(target);
    }
    Tensor ofPairs = pairs.behaviors().gather(behaviors);
    Tensor products = ofPairs.mul(pairs.impressions().gather(target));
    Tensor h = first(ofPairs, products, target, pairs, pass);
    for (int i = 1; i < layers.size(); i++) {
      h = layers.get(i).apply(activations.get(i - 1).apply(h, pass), pass.parameters());
    }
    Tensor scores = h.squeeze(1);
    return pairs.weightedSum(ofPairs, softmax ? pairs.impressions().softmax(scores) : scores);
  }

  private Tensor first(
      Tensor ofPairs, Tensor products, Tensor target, BehaviorPairs pairs, ForwardPass pass) {
    String name = layers.get(0).name();
    TensorVector parts = pass.parameter(name + ".weight").t().chunk(PARTS, 0);
    Tensor ofTargets =
        torch.addmm(pass.parameter(name + ".bias"), target, parts.get(3).sub(parts.get(1)));
    return torch.addmm(
        pairs.impressions().gather(ofTargets),
        torch.cat(new TensorVector(ofPairs, products), 1),
        torch.cat(new TensorVector(parts.get(0).add(parts.get(1)), parts.get(2)), 0));
  }
}
