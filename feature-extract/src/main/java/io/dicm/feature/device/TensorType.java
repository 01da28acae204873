package io.dicm.feature.device;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Types of tensors as constants. */
public final class TensorType {
  private TensorType() {}

  /**
   * A tensor's type, to compare by {@code ==}, to switch on and to look up. What {@link
   * Tensor#scalar_type} returns is none of its enum's constants, and equal to none.
   */
  public static ScalarType of(Tensor tensor) {
    return tensor.scalar_type().intern();
  }

  /** Whether a tensor's values are of a type. */
  public static boolean is(Tensor tensor, ScalarType type) {
    return of(tensor) == type;
  }
}
