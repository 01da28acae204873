package io.dicm.feature.encode;

import org.bytedeco.pytorch.Tensor;

/**
 * A convolution of 3 x 3 with its biases and ReLU, and the pooling after a block's last one. All
 * ways to compute it give the same but for the last digits. For one thread; closed after the
 * network's last picture.
 */
interface ConvolutionLayer extends AutoCloseable {
  /**
   * Computes a layer, within the caller's pointer scope; on a GPU does not wait.
   *
   * @param x [n, inputs, height, width], channels last; not changed
   * @param weight [outputs, inputs, 3, 3], channels last
   * @param bias [outputs]
   * @param pools whether a max pooling of 2 x 2 follows
   * @return [n, outputs, height, width], or half of height and width
   */
  Tensor apply(Tensor x, Tensor weight, Tensor bias, boolean pools);

  /** May be called again. */
  @Override
  void close();
}
