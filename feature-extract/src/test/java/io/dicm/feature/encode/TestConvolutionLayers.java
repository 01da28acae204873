package io.dicm.feature.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.StandInGpu;
import org.junit.jupiter.api.Test;

class TestConvolutionLayers {
  @Test
  void theProcessorHasNoKernel() {
    assertThat(ConvolutionLayers.on(ComputeDevice.PROCESSOR))
        .isSameAs(TorchConvolutionLayer.BIASES_FIRST);
  }

  @Test
  void withoutAKernelAGpuHasLibtorchsOperations() {
    ComputeDevice gpu =
        StandInGpu.withoutKernels(
            () -> new DicmException(ErrorCode.NATIVE_LIBRARY_UNAVAILABLE, "No NVRTC here."));

    assertThat(ConvolutionLayers.on(gpu)).isSameAs(TorchConvolutionLayer.POOLING_FIRST);
  }
}
