package io.dicm.feature.device;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.bytedeco.pytorch.global.torch;

/** GPUs for tests, where there are some. */
public final class Gpus {
  /** JavaCPP's choice of libtorch's build, before it is loaded. */
  private static final String BUILD = "org.bytedeco.javacpp.platform.extension";

  private static final String FOR_CUDA = "-gpu";

  private Gpus() {}

  /**
   * The first. Without one, or with a libtorch that knows none, the test is skipped, but where
   * libtorch for CUDA is asked for, with the system property {@value #BUILD} of {@value #FOR_CUDA}:
   * a run that is meant for a GPU fails where it cannot use one.
   *
   * @throws io.dicm.common.error.DicmException {@code GPU_UNAVAILABLE} naming what is missing
   */
  public static ComputeDevice first() {
    if (areRequired()) {
      return DeviceResolver.here().resolve(DeviceChoice.CUDA, BUILD + "=" + FOR_CUDA);
    }
    assumeTrue(torch.cuda_is_available(), "Not run on a GPU: libtorch finds none");
    return ComputeDevice.cuda(0);
  }

  /**
   * The first, or {@link StandInGpu} where there is none and a run is not meant for one.
   *
   * @param folder for the kernels of the one that stands in
   */
  public static ComputeDevice firstOrStandIn(Path folder) {
    return areRequired() || torch.cuda_is_available() ? first() : StandInGpu.device(folder);
  }

  /** Whether the run is meant for a GPU. */
  static boolean areRequired() {
    return FOR_CUDA.equals(System.getProperty(BUILD));
  }
}
