package io.dicm.trainer.model;

import io.dicm.trainer.network.Parameters;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * The pass by libtorch's operations, on every device: the pairs' layers lie in memory between its
 * steps. Lives in the pointer scope it was made in.
 */
final class AttentionPass implements AttentionChannelPass {
  private final String name;
  private final Parameters parameters;
  private final AttentionEntries entries;
  private final Tensor codes;
  private final Tensor gathered;
  private final AttentionFirstLayer linear;
  private final HiddenLayer first;
  private final HiddenLayer second;
  private final Tensor weights;
  private final Map<String, Tensor> gradients = new LinkedHashMap<>();

  /**
   * Goes forward.
   *
   * @param name prefix of the parameters
   * @param codes unique behaviour codes, [b, code width]
   * @param gathered the code of each pair, [r, code width]
   * @param query [m, query width]
   */
  AttentionPass(
      String name,
      Parameters parameters,
      AttentionEntries entries,
      Tensor codes,
      Tensor gathered,
      Tensor query) {
    this.name = name;
    this.parameters = parameters;
    this.entries = entries;
    this.codes = codes;
    this.gathered = gathered;
    this.linear = new AttentionFirstLayer(name, parameters, codes, query);
    this.first = new HiddenLayer(pairSums(), slope(0));
    this.second = new HiddenLayer(torch.addmm(bias(1), first.output(), weight(1).t()), slope(1));
    this.weights = torch.addmm(bias(2), second.output(), weight(2).t()).view(-1);
  }

  private Tensor pairSums() {
    return entries.pairSums(torch.cat(new TensorVector(linear.ofCodes(), linear.ofQueries()), 0));
  }

  @Override
  public Tensor output() {
    return entries.weightedSum(codes, weights);
  }

  @Override
  public Gradients backward(Tensor gradient) {
    Tensor ofPairs = entries.ofImpressions(gradient).mul_(gathered);
    Tensor ofWeights = torch.mv(ofPairs, ofPairs.new_ones(ofPairs.size(1)));
    Tensor table = throughFirst(throughSecond(ofWeights));
    long behaviors = codes.size(0);
    Gradients ofFirst =
        linear.backward(
            table.narrow(0, 0, behaviors),
            table.narrow(0, behaviors, table.size(0) - behaviors),
            entries.weightedSumGradients(gradient, weights));
    gradients.putAll(ofFirst.parameters());
    return new Gradients(ofFirst.codes(), ofFirst.query(), gradients);
  }

  /** The last layer and the activation before it: [r] to [r, 16]. */
  private Tensor throughSecond(Tensor ofWeights) {
    gradients.put(name + ".2.weight", torch.mv(second.output().t(), ofWeights).view(1, -1));
    gradients.put(name + ".2.bias", torch.sum(ofWeights).view(1));
    Tensor gradient = torch.ger(ofWeights, weight(2).view(-1));
    gradients.put(name + ".1.slope", second.slopeGradient(gradient));
    return second.backward(gradient);
  }

  /** The middle layer, the activation before it and the pairs' sums: [r, 16] to [b + m, 64]. */
  private Tensor throughFirst(Tensor ofSecond) {
    gradients.put(name + ".1.weight", torch.mm(ofSecond.t(), first.output()));
    gradients.put(name + ".1.bias", torch.sum(ofSecond, 0));
    Tensor gradient = torch.mm(ofSecond, weight(1));
    gradients.put(name + ".0.slope", first.slopeGradient(gradient));
    return entries.pairSumGradients(first.backward(gradient));
  }

  private Tensor weight(int layer) {
    return parameters.get(name + "." + layer + ".weight");
  }

  private float slope(int layer) {
    return parameters.scalar(name + "." + layer + ".slope");
  }

  private Tensor bias(int layer) {
    return parameters.get(name + "." + layer + ".bias");
  }

  /**
   * A PReLU; libtorch's own derivative of it goes value by value, that of a leaky ReLU does not.
   */
  private static final class HiddenLayer {
    private final Tensor linear;
    private final Scalar slope;
    private final Tensor output;

    HiddenLayer(Tensor linear, float slope) {
      this.linear = linear;
      this.slope = new Scalar(slope);
      this.output = torch.leaky_relu(linear, this.slope);
    }

    Tensor output() {
      return output;
    }

    /** The sum of gradients times values, over negative values alone, [1]. */
    Tensor slopeGradient(Tensor gradient) {
      Tensor negative = torch.clamp_max(linear, new Scalar(0f));
      return torch.dot(negative.view(-1), gradient.view(-1)).view(1);
    }

    Tensor backward(Tensor gradient) {
      return torch.leaky_relu_backward(gradient, linear, slope, false);
    }
  }
}
