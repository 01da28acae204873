package io.dicm.ams.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.DeviceChoice;
import io.dicm.feature.device.DeviceResolver;
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

  /** Whether the run is meant for a GPU. */
  static boolean areRequired() {
    return FOR_CUDA.equals(System.getProperty(BUILD));
  }
}
