package io.dicm.trainer.cuda;

import io.dicm.feature.cuda.KernelArguments;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * The layers of an attention channel after its first linear one, on a GPU, float and contiguous.
 *
 * @param firstSlope of the PReLU on 64 units, [1]
 * @param secondWeight [16, 64]
 * @param secondBias [16]
 * @param secondSlope of the PReLU on 16 units, [1]
 * @param lastWeight [1, 16]
 * @param lastBias [1]
 */
public record AttentionLayers(
    Tensor firstSlope,
    Tensor secondWeight,
    Tensor secondBias,
    Tensor secondSlope,
    Tensor lastWeight,
    Tensor lastBias) {
  /** Units of the first layer. */
  public static final int FIRST = 64;

  /** Units of the second layer. */
  public static final int SECOND = 16;

  /** Values of all, which gradients lie side by side of. */
  static final int VALUES = SECOND * FIRST + SECOND + SECOND + 1 + 1 + 1;

  /**
   * Checks what the kernels take for granted.
   *
   * @param floats refuses what does not lie as floats on their device
   */
  void require(Consumer<Tensor> floats) {
    requireValues(secondWeight, SECOND * FIRST, floats);
    requireValues(secondBias, SECOND, floats);
    requireValues(lastWeight, SECOND, floats);
    Stream.of(lastBias, firstSlope, secondSlope)
        .forEach(tensor -> requireValues(tensor, 1, floats));
  }

  private static void requireValues(Tensor tensor, int values, Consumer<Tensor> floats) {
    if (tensor.numel() != values) {
      throw new IllegalArgumentException(
          "A parameter of attention had " + tensor.numel() + " values, needed " + values);
    }
    floats.accept(tensor);
  }

  /**
   * Gradients of these, cut from the kernels' order.
   *
   * @param values side by side, [{@link #VALUES}]
   */
  static AttentionLayers cut(Tensor values) {
    long at = 0;
    Tensor secondWeight = values.narrow(0, at, SECOND * FIRST).view(SECOND, FIRST);
    at += SECOND * FIRST;
    Tensor secondBias = values.narrow(0, at, SECOND);
    at += SECOND;
    Tensor lastWeight = values.narrow(0, at, SECOND).view(1, SECOND);
    at += SECOND;
    return new AttentionLayers(
        values.narrow(0, at + 1, 1),
        secondWeight,
        secondBias,
        values.narrow(0, at + 2, 1),
        lastWeight,
        values.narrow(0, at, 1));
  }

  /** In the kernels' order. */
  KernelArguments addTo(KernelArguments arguments) {
    return arguments
        .tensor(secondWeight)
        .tensor(secondBias)
        .tensor(lastWeight)
        .tensor(lastBias)
        .tensor(firstSlope)
        .tensor(secondSlope);
  }
}
