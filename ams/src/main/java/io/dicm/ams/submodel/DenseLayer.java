package io.dicm.ams.submodel;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * One fully connected layer with or without a PReLU behind it, and its derivatives by hand: a
 * weight's gradient is the product of two matrices, written where it belongs, without the copies
 * and the bookkeeping of automatic differentiation. All tensors are views of the network's flat
 * memory. Not safe for use by many threads.
 */
final class DenseLayer implements AutoCloseable {
  private final Parameter weight;
  private final Parameter bias;
  private final Parameter slope;

  /**
   * @param weight [outputs, inputs]
   * @param bias [outputs]
   * @param slope [1], of negative values; null: no PReLU
   */
  DenseLayer(Parameter weight, Parameter bias, Parameter slope) {
    this.weight = weight;
    this.bias = bias;
    this.slope = slope;
  }

  /** A tensor under training and where its gradient goes. */
  record Parameter(Tensor value, Tensor gradient) implements AutoCloseable {
    @Override
    public void close() {
      value.close();
      gradient.close();
    }
  }

  /** Before the PReLU: [rows, inputs] to [rows, outputs]. */
  Tensor linear(Tensor inputs) {
    return torch.linear(inputs, weight.value, new TensorOptional(bias.value));
  }

  /** What the next layer gets, of what {@link #linear} gave; the same tensor without a PReLU. */
  Tensor activation(Tensor linear) {
    return slope == null ? linear : torch.prelu(linear, slope.value);
  }

  /**
   * Computes the parameters' gradients.
   *
   * @param inputs that {@link #linear} got
   * @param linear that it gave
   * @param gradient of the layer's activation, [rows, outputs]
   * @return the gradient of the layer's linear part, [rows, outputs]
   */
  Tensor backward(Tensor inputs, Tensor linear, Tensor gradient) {
    Tensor linearGradient = slope == null ? gradient : throughActivation(linear, gradient);
    torch.mm_out(weight.gradient, linearGradient.t(), inputs);
    torch.sum_out(bias.gradient, linearGradient, 0);
    return linearGradient;
  }

  /**
   * The slope's gradient is the sum of gradients times values, over negative values alone. The rest
   * is the derivative of a leaky ReLU, which libtorch has a vectorised kernel for; its {@code
   * where} takes twenty times as long.
   */
  private Tensor throughActivation(Tensor linear, Tensor gradient) {
    Tensor negative = torch.clamp_max(linear, new Scalar(0f)).view(-1);
    slope.gradient.copy_(torch.dot(negative, gradient.contiguous().view(-1)));
    Scalar negativeSlope = new Scalar(slope.value.item_float());
    return torch.leaky_relu_backward(gradient, linear, negativeSlope, false);
  }

  /** The inputs' gradient, [rows, inputs], of what {@link #backward} gave. */
  Tensor inputGradient(Tensor linearGradient) {
    return torch.mm(linearGradient, weight.value);
  }

  @Override
  public void close() {
    weight.close();
    bias.close();
    if (slope != null) {
      slope.close();
    }
  }
}
