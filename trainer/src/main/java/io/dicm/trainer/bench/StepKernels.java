package io.dicm.trainer.bench;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.ComputeDevice;
import java.util.ArrayList;
import java.util.List;

/**
 * Which kernels of our own a measured step uses; the others' work is libtorch's.
 *
 * @param attention of behaviours
 * @param gather of the pictures' vectors
 */
public record StepKernels(boolean attention, boolean gather) {
  /**
   * Refuses to go on without one of them on a GPU, where each is wanted.
   *
   * @throws DicmException {@link ErrorCode#GPU_FAILED} naming those that are missing
   */
  void requireAllOn(ComputeDevice device) {
    List<String> missing = new ArrayList<>();
    if (!attention) {
      missing.add("attention");
    }
    if (!gather) {
      missing.add("collecting vectors");
    }
    if (!device.isProcessor() && !missing.isEmpty()) {
      throw new DicmException(
          ErrorCode.GPU_FAILED,
          "Cannot measure steps with kernels of our own on %s: there is none for %s, the log says why. Mend that, or measure libtorch's operations instead."
              .formatted(device, String.join(" and ", missing)));
    }
  }
}
