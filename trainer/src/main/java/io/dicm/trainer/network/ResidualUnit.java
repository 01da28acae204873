package io.dicm.trainer.network;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** max(x + W_1 max(W_0 x + b_0, 0) + b_1, 0), as wide as x. */
final class ResidualUnit {
  private final LinearLayer in;
  private final LinearLayer out;
  private final double dropout;

  /**
   * @param name prefix of the parameters
   * @param width of x
   * @param hidden width of the layer between
   * @param dropout probability that a value of that layer is dropped in training
   */
  ResidualUnit(String name, int width, int hidden, double dropout) {
    this.in = new LinearLayer(name + ".0", width, hidden);
    this.out = new LinearLayer(name + ".1", hidden, width);
    this.dropout = dropout;
  }

  void declare(ParameterSet set) {
    in.declare(set);
    out.declare(set);
  }

  /** [n, width] to the same shape. */
  Tensor apply(Tensor x, ForwardPass pass) {
    Tensor h = pass.dropout(torch.relu(in.apply(x, pass.parameters())), dropout);
    return torch.relu(x.add(out.apply(h, pass.parameters())));
  }
}
