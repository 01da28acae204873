package io.dicm.ams.submodel;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

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
  private final Activation activation;
  private final boolean roundsFactors;

  /**
   * @param weight [outputs, inputs]
   * @param bias [outputs]
   * @param activation null: no PReLU
   * @param roundsFactors whether inputs and weight are rounded to bfloat16 before they are
   *     multiplied; inputs that are bfloat16 already are taken as they are
   */
  DenseLayer(Parameter weight, Parameter bias, Activation activation, boolean roundsFactors) {
    this.weight = weight;
    this.bias = bias;
    this.activation = activation;
    this.roundsFactors = roundsFactors;
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
   * A PReLU.
   *
   * @param slope of negative values, as it is at the moment
   * @param gradient where its gradient goes, [1]
   */
  record Activation(Supplier<Float> slope, Tensor gradient) implements AutoCloseable {
    @Override
    public void close() {
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
    Tensor linear = weight.value.new_empty(inputs.size(0), weight.value.size(0));
    return new Pass(
        roundsFactors ? inputs.to(ScalarType.BFloat16) : inputs,
        linear,
        activation == null ? linear : torch.empty_like(linear),
        trainsInputs ? weight.value.clone() : null,
        activation == null ? 0 : activation.slope.get());
  }

  /**
   * Bytes that {@link #begin} takes.
   *
   * @param trainsInputs as there
   */
  long passBytes(long rows, boolean trainsInputs) {
    long results = rows * weight.value.size(0) * (activation == null ? 1 : 2);
    long copied = trainsInputs ? weight.value.numel() : 0;
    long rounded = roundsFactors ? rows * weight.value.size(1) * Short.BYTES : 0;
    return (results + copied) * Float.BYTES + rounded;
  }

  /** Computes some rows of a pass. */
  void forward(Pass pass, long from, long rows) {
    try (PointerScope scope = new PointerScope()) {
      Tensor linear = pass.linear.narrow(0, from, rows);
      Tensor inputs = pass.inputs.narrow(0, from, rows);
      if (roundsFactors) {
        RoundedProduct.into(linear, inputs, weight.value.to(ScalarType.BFloat16).t());
        linear.add_(bias.value);
      } else {
        torch.addmm_out(linear, bias.value, inputs, weight.value.t());
      }
      if (activation != null) {
        torch.leaky_relu_out(pass.activation.narrow(0, from, rows), linear, new Scalar(pass.slope));
      }
    }
  }

  /**
   * The gradients that {@link #throughActivation} and the layer behind fill.
   *
   * @param ofActivation [rows, outputs]
   */
  ResultGradients gradients(Tensor ofActivation) {
    return new ResultGradients(
        ofActivation, activation == null ? ofActivation : torch.empty_like(ofActivation));
  }

  /**
   * Computes some rows of the linear part's gradient from the activation's. The derivative of a
   * PReLU is that of a leaky ReLU, which libtorch has a vectorised kernel for; its {@code where}
   * takes twenty times as long.
   */
  void throughActivation(Pass pass, ResultGradients gradients, long from, long rows) {
    if (activation == null) {
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
      Tensor target = weight.gradient.narrow(1, fromInput, inputs);
      Tensor factor = pass.inputs.narrow(1, fromInput, inputs);
      if (roundsFactors) {
        Tensor linear = gradients.linear.to(ScalarType.BFloat16);
        RoundedProduct.into(target, linear.t(), factor);
      } else {
        torch.mm_out(target, gradients.linear.t(), factor);
      }
    }
  }

  /**
   * Computes the gradients of bias and slope. The slope's is the sum of gradients times values,
   * over negative values alone.
   */
  void otherGradients(Pass pass, ResultGradients gradients) {
    try (PointerScope scope = new PointerScope()) {
      torch.sum_out(bias.gradient, gradients.linear, 0);
      if (activation != null) {
        Tensor negative = torch.clamp_max(pass.linear, new Scalar(0f)).view(-1);
        activation.gradient.copy_(torch.dot(negative, gradients.activation.view(-1)));
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
    if (activation != null) {
      activation.close();
    }
  }
}
