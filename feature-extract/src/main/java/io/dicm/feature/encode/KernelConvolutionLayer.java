package io.dicm.feature.encode;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.MemoryFormat;

/** libtorch's convolution on a GPU, and a kernel of our own for all that comes after it. */
final class KernelConvolutionLayer implements ConvolutionLayer {
  private final BiasReluKernel kernel;

  /**
   * @param kernel closed with this
   */
  KernelConvolutionLayer(BiasReluKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public Tensor apply(Tensor x, Tensor weight, Tensor bias, boolean pools) {
    Tensor sums = TorchConvolutionLayer.sums(x, weight).contiguous(MemoryFormat.ChannelsLast);
    if (pools) {
      return kernel.pool(sums, bias);
    }
    kernel.apply(sums, bias);
    return sums;
  }

  @Override
  public void close() {
    kernel.close();
  }
}
