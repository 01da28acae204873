package io.dicm.ams.submodel;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One fully connected layer with or without a PReLU behind it, and its derivatives by hand: a
 * weight's gradient is the product of two matrices, written where it belongs, without the copies
 * and the bookkeeping of automatic differentiation. All tensors are views of the network's flat
 * memory. Different rows, and different inputs of the weight's gradient, may be computed by many
 * threads at a time.
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
   * @param activation what the next layer gets, [rows, outputs]; the same as {@code linear} without
   *     a PReLU
   * @param weight a copy of the weight, [outputs, inputs]; null where no gradient of the inputs is
   *     asked for
   * @param slope of the PReLU
   */
  record Pass(Tensor inputs, Tensor linear, Tensor activation, Tensor weight, float slope)
      implements AutoCloseable {
    /** Keeps the tensors beyond the scope that they were made in. */
    void retain() {
      inputs.retainReference();
      linear.retainReference();
      activation.retainReference();
      if (weight != null) {
        weight.retainReference();
      }
    }

    @Override
    public void close() {
      inputs.close();
      linear.close();
      activation.close();
      if (weight != null) {
        weight.close();
      }
    }
  }

  /**
   * Where the gradients of a layer's results go on the way back.
   *
   * @param activation [rows, outputs]
   * @param linear [rows, outputs]; the same as {@code activation} without a PReLU
   */
  record ResultGradients(Tensor activation, Tensor linear) {}

  /**
   * Makes room for a pass; {@link #forward} fills it.
   *
   * @param trainsInputs whether the way back needs the inputs' gradient
   */
  Pass begin(Tensor inputs, boolean trainsInputs) {
    Tensor linear = torch.empty(inputs.size(0), weight.value.size(0));
    return new Pass(
        inputs,
        linear,
        slope == null ? linear : torch.empty_like(linear),
        trainsInputs ? weight.value.clone() : null,
        slope == null ? 0 : slope.value.item_float());
  }

  /**
   * Bytes that {@link #begin} takes.
   *
   * @param trainsInputs as there
   */
  long passBytes(long rows, boolean trainsInputs) {
    long results = rows * weight.value.size(0) * (slope == null ? 1 : 2);
    return (results + (trainsInputs ? weight.value.numel() : 0)) * Float.BYTES;
  }

  /** Computes some rows of a pass. */
  void forward(Pass pass, long from, long rows) {
    try (PointerScope scope = new PointerScope()) {
      Tensor linear = pass.linear.narrow(0, from, rows);
      torch.addmm_out(linear, bias.value, pass.inputs.narrow(0, from, rows), weight.value.t());
      if (slope != null) {
        torch.leaky_relu_out(pass.activation.narrow(0, from, rows), linear, new Scalar(pass.slope));
      }
    }
  }

  /**
   * The gradients that {@link #throughActivation} and the layer behind fill.
   *
   * @param activation [rows, outputs]
   */
  ResultGradients gradients(Tensor activation) {
    return new ResultGradients(
        activation, slope == null ? activation : torch.empty_like(activation));
  }

  /**
   * Computes some rows of the linear part's gradient from the activation's. The derivative of a
   * PReLU is that of a leaky ReLU, which libtorch has a vectorised kernel for; its {@code where}
   * takes twenty times as long.
   */
  void throughActivation(Pass pass, ResultGradients gradients, long from, long rows) {
    if (slope == null) {
      return;
    }
    try (PointerScope scope = new PointerScope()) {
      torch.leaky_relu_backward_out(
          gradients.linear.narrow(0, from, rows),
          gradients.activation.narrow(0, from, rows),
          pass.linear.narrow(0, from, rows),
          new Scalar(pass.slope),
          false);
    }
  }

  /**
   * Computes some rows of the inputs' gradient from the linear part's.
   *
   * @param inputGradient [rows, inputs]
   */
  static void inputGradient(
      Pass pass, ResultGradients gradients, Tensor inputGradient, long from, long rows) {
    try (PointerScope scope = new PointerScope()) {
      torch.mm_out(
          inputGradient.narrow(0, from, rows), gradients.linear.narrow(0, from, rows), pass.weight);
    }
  }

  /** Computes the weight's gradient for some of the layer's inputs. */
  void weightGradient(Pass pass, ResultGradients gradients, long fromInput, long inputs) {
    try (PointerScope scope = new PointerScope()) {
      torch.mm_out(
          weight.gradient.narrow(1, fromInput, inputs),
          gradients.linear.t(),
          pass.inputs.narrow(1, fromInput, inputs));
    }
  }

  /**
   * Computes the gradients of bias and slope. The slope's is the sum of gradients times values,
   * over negative values alone.
   */
  void otherGradients(Pass pass, ResultGradients gradients) {
    try (PointerScope scope = new PointerScope()) {
      torch.sum_out(bias.gradient, gradients.linear, 0);
      if (slope != null) {
        Tensor negative = torch.clamp_max(pass.linear, new Scalar(0f)).view(-1);
        slope.gradient.copy_(torch.dot(negative, gradients.activation.view(-1)));
      }
    }
  }

  /** Length of the layer's inputs. */
  long inputs() {
    return weight.value.size(1);
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
