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
   * @param left [m, k], bfloat16
   * @param right [k, n], bfloat16
   * @return [m, n], float32
   */
  static Tensor of(Tensor left, Tensor right) {
    return left.is_cuda()
        ? torch.mm(left, right, ScalarType.Float)
        : torch.mm(left.to(ScalarType.Float), right.to(ScalarType.Float));
  }
}
