package io.dicm.ams.cuda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.dicm.feature.device.ComputeDevice;
import org.bytedeco.pytorch.global.torch;

/** GPUs for tests, where there are some. */
public final class Gpus {
  private Gpus() {}

  /** The first; without one, or with a libtorch that knows none, the test is skipped. */
  public static ComputeDevice first() {
    assumeTrue(torch.cuda_is_available(), "Not run on a GPU: libtorch finds none");
    return ComputeDevice.cuda(0);
  }
}
