package io.dicm.ams.submodel;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Products of bfloat16 matrices whose sums are float32. A GPU's matrix units do just that;
 * libtorch's product on the processor would round the sums too, so there the factors are widened
 * first, which changes no product.
 */
final class RoundedProduct {
  private RoundedProduct() {}

  /**
   * The product.
   *
   * @param target [m, n], float32
   * @param left [m, k], bfloat16
   * @param right [k, n], bfloat16
   */
  static void into(Tensor target, Tensor left, Tensor right) {
    if (left.is_cuda()) {
      torch.mm_out(target, left, right, ScalarType.Float);
    } else {
      torch.mm_out(target, left.to(ScalarType.Float), right.to(ScalarType.Float));
    }
  }
}
