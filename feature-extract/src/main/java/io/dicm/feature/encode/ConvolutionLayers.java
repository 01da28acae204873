package io.dicm.feature.encode;

import io.dicm.common.error.DicmException;
import io.dicm.feature.device.ComputeDevice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses what computes a network's convolution layers on a device. */
final class ConvolutionLayers {
  private static final Logger LOG = LoggerFactory.getLogger(ConvolutionLayers.class);

  private ConvolutionLayers() {}

  /**
   * On a GPU the one with a kernel of our own, or, where that does not load, libtorch's, and the
   * log says why; on the processor libtorch's.
   */
  static ConvolutionLayer on(ComputeDevice device) {
    if (device.isProcessor()) {
      return TorchConvolutionLayer.BIASES_FIRST;
    }
    try {
      ConvolutionLayer layer = new KernelConvolutionLayer(new BiasReluKernel(device));
      LOG.info("Biases, ReLU and pooling are computed by a kernel of our own on {}", device);
      return layer;
    } catch (DicmException e) {
      LOG.warn(
          "Biases, ReLU and pooling are computed by libtorch's operations on {}: {}",
          device,
          e.getMessage());
      return TorchConvolutionLayer.POOLING_FIRST;
    }
  }
}
