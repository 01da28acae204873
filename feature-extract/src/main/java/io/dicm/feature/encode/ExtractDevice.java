package io.dicm.feature.encode;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceRequest;
import io.dicm.feature.device.DeviceResolver;
import io.dicm.feature.device.TorchBuild;
import org.bytedeco.pytorch.global.torch;

/** Where an extraction's network is computed, by the configuration. */
public final class ExtractDevice {
  /** CUDA's context and the libraries' memory in a process, MiB; an estimate, not measured. */
  private static final int CUDA_MB = 2500;

  private ExtractDevice() {}

  /**
   * Refuses, before a job is started, what its tasks could not do.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with the keys and their values
   */
  public static void check(DicmConfiguration settings) {
    request(settings, TorchBuild.hasCuda()).check(TorchBuild.hasCuda());
  }

  /** What tasks ask for: float16 is for GPUs alone, so that any device is a GPU then. */
  public static DeviceRequest asked(DicmConfiguration settings) {
    DeviceRequest request =
        DeviceRequest.of(settings, DicmKeys.EXTRACT_DEVICE, DicmKeys.EXTRACT_GPUS);
    return isHalf(settings) ? request.onGpu() : request;
  }

  private static boolean isHalf(DicmConfiguration settings) {
    return settings.choice(DicmKeys.EXTRACT_PRECISION, Precision.class) == Precision.FLOAT16;
  }

  /**
   * The device of this process; before anything of libtorch is used.
   *
   * @throws DicmException {@link ErrorCode#GPU_UNAVAILABLE}
   */
  static ComputeDevice open(DicmConfiguration settings) {
    ComputeDevice device = DeviceResolver.here().resolve(request(settings, TorchBuild.hasCuda()));
    prepare(device);
    return device;
  }

  /** Sets what libtorch has for the whole process, for a network on this device. */
  static void prepare(ComputeDevice device) {
    if (!device.isProcessor()) {
      // libtorch would let convolutions round their factors: vectors of one extractor would differ.
      Arithmetic.FLOAT32.useForProcess();
      // And sum parts of a long product in half precision.
      torch.globalContext().setAllowFP16ReductionCuBLAS(false);
      torch.globalContext().setAllowBF16ReductionCuBLAS(false);
      // All batches have one shape: looking for the fastest convolutions pays once.
      torch.globalContext().setBenchmarkCuDNN(true);
    }
  }

  /** Memory that a process has to have for a GPU beside the network's, MiB, about. */
  static int cudaMemoryMb(DicmConfiguration settings) {
    boolean cudaBuild = TorchBuild.hasCuda();
    return cudaBuild && request(settings, cudaBuild).mayUseGpu() ? CUDA_MB : 0;
  }

  static DeviceRequest request(DicmConfiguration settings, boolean cudaBuild) {
    DeviceRequest request =
        DeviceRequest.of(settings, DicmKeys.EXTRACT_DEVICE, DicmKeys.EXTRACT_GPUS);
    if (!isHalf(settings)) {
      return request;
    }
    if (!cudaBuild || !request.mayUseGpu()) {
      throw new DicmException(
          ErrorCode.CONFIGURATION_INVALID,
          "Cannot use %s=float16 with %s=%s and %s=%d: it is for GPUs, with a dicm.jar built by Maven's profile gpu. Set %s=bfloat16, or ask for a GPU."
              .formatted(
                  DicmKeys.EXTRACT_PRECISION,
                  request.choiceKey(),
                  request.choice().label(),
                  request.gpusKey(),
                  request.gpus(),
                  DicmKeys.EXTRACT_PRECISION));
    }
    return request.onGpu();
  }
}
