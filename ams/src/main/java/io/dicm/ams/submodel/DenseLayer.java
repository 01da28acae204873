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

  /**
   * What a pass through the layer leaves for the way back. With staleness the parameters may change
   * in between; the gradient is that of the parameters which the pass went through.
   *
   * @param inputs [rows, inputs]
   * @param linear before the PReLU, [rows, outputs]
   * @param weight a copy of the weight, [outputs, inputs]; null where no gradient of the inputs is
   *     asked for
   * @param slope of the PReLU
   */
  record Pass(Tensor inputs, Tensor linear, Tensor weight, float slope) implements AutoCloseable {
    /** Keeps the tensors beyond the scope that they were made in. */
    void retain() {
      inputs.retainReference();
      linear.retainReference();
      if (weight != null) {
        weight.retainReference();
      }
    }

    @Override
    public void close() {
      inputs.close();
      linear.close();
      if (weight != null) {
        weight.close();
      }
    }
  }

  /**
   * Goes through the linear part.
   *
   * @param inputs [rows, inputs]
   * @param trainsInputs whether the way back needs the inputs' gradient
   */
  Pass pass(Tensor inputs, boolean trainsInputs) {
    return new Pass(
        inputs,
        torch.linear(inputs, weight.value, new TensorOptional(bias.value)),
        trainsInputs ? weight.value.clone() : null,
        slope == null ? 0 : slope.value.item_float());
  }

  /** What the next layer gets; the linear part itself without a PReLU. */
  Tensor activation(Pass pass) {
    return slope == null ? pass.linear : torch.prelu(pass.linear, slope.value);
  }

  /**
   * Computes the parameters' gradients.
   *
   * @param gradient of the layer's activation, [rows, outputs]
   * @return the gradient of the layer's linear part, [rows, outputs]
   */
  Tensor backward(Pass pass, Tensor gradient) {
    Tensor linearGradient = slope == null ? gradient : throughActivation(pass, gradient);
    torch.mm_out(weight.gradient, linearGradient.t(), pass.inputs);
    torch.sum_out(bias.gradient, linearGradient, 0);
    return linearGradient;
  }

  /**
   * The slope's gradient is the sum of gradients times values, over negative values alone. The rest
   * is the derivative of a leaky ReLU, which libtorch has a vectorised kernel for; its {@code
   * where} takes twenty times as long.
   */
  private Tensor throughActivation(Pass pass, Tensor gradient) {
    Tensor negative = torch.clamp_max(pass.linear, new Scalar(0f)).view(-1);
    slope.gradient.copy_(torch.dot(negative, gradient.contiguous().view(-1)));
    return torch.leaky_relu_backward(gradient, pass.linear, new Scalar(pass.slope), false);
  }

  /** The inputs' gradient, [rows, inputs], of what {@link #backward} gave. */
  static Tensor inputGradient(Pass pass, Tensor linearGradient) {
    return torch.mm(linearGradient, pass.weight);
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
