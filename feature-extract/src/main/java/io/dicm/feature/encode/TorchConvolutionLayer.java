package io.dicm.feature.encode;

import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.max_pool2d;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;

/** By libtorch's operations, which need no close. */
enum TorchConvolutionLayer implements ConvolutionLayer {
  /** For processors, whose convolutions add the biases themselves. */
  BIASES_FIRST {
    @Override
    public Tensor apply(Tensor x, Tensor weight, Tensor bias, boolean pools) {
      Tensor y = conv2d(x, weight, new TensorOptional(bias), ONE, ONE, ONE, 1).relu_();
      return pools ? pooled(y) : y;
    }
  },

  /**
   * For GPUs, where biases and ReLU are passes over the memory of their own. They leave the order
   * of values as it is, also where they round, so after the pooling they give the same with a
   * quarter of it.
   */
  POOLING_FIRST {
    @Override
    public Tensor apply(Tensor x, Tensor weight, Tensor bias, boolean pools) {
      Tensor y = sums(x, weight);
      return (pools ? pooled(y) : y).add_(bias.view(-1, 1, 1)).relu_();
    }
  };

  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};
  private static final long[] POOL = {2, 2};

  /** The convolution without biases. */
  static Tensor sums(Tensor x, Tensor weight) {
    return conv2d(x, weight, new TensorOptional(), ONE, ONE, ONE, 1);
  }

  private static Tensor pooled(Tensor x) {
    return max_pool2d(x, POOL, POOL, NONE, ONE, false);
  }

  @Override
  public void close() {}
}
