package io.dicm.feature.device;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;

/**
 * What the configuration says of one kind of container: where it computes, and how many GPUs YARN
 * is asked for.
 *
 * @param choice where
 * @param choiceKey the key that says so, for messages
 * @param gpus GPUs of a container, 0 or more
 * @param gpusKey the key that says so, for messages
 */
public record DeviceRequest(DeviceChoice choice, String choiceKey, int gpus, String gpusKey) {
  private static final int MOST_GPUS = 64;

  /**
   * Reads both keys.
   *
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with key, value and range
   */
  public static DeviceRequest of(DicmConfiguration conf, String choiceKey, String gpusKey) {
    return new DeviceRequest(
        conf.choice(choiceKey, DeviceChoice.class),
        choiceKey,
        conf.integer(gpusKey, 0, MOST_GPUS),
        gpusKey);
  }

  /** The same, with a GPU where there was a choice. */
  public DeviceRequest onGpu() {
    return choice == DeviceChoice.AUTO
        ? new DeviceRequest(DeviceChoice.CUDA, choiceKey, gpus, gpusKey)
        : this;
  }

  /** Whether a container of a build with CUDA may find itself on a GPU. */
  public boolean mayUseGpu() {
    return choice != DeviceChoice.CPU && gpus > 0;
  }

  /**
   * Refuses, before anything is started, what cannot be or is of no use.
   *
   * @param cudaBuild whether {@code dicm.jar} has libtorch for CUDA
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} with both keys and values
   */
  public void check(boolean cudaBuild) {
    if (choice == DeviceChoice.CUDA && gpus == 0) {
      throw invalid("YARN is asked for no GPU. Set %s=1, or %s=auto".formatted(gpusKey, choiceKey));
    }
    if (choice == DeviceChoice.CPU && gpus > 0) {
      throw invalid("the GPU would be idle. Set %s=0, or %s=auto".formatted(gpusKey, choiceKey));
    }
    if (choice == DeviceChoice.CUDA && !cudaBuild) {
      throw invalid(
          "this dicm.jar has no libtorch for CUDA. Build it with Maven's profile gpu (-Pgpu), or set %s=auto"
              .formatted(choiceKey));
    }
  }

  private DicmException invalid(String why) {
    return new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use %s=%s with %s=%d: %s."
            .formatted(choiceKey, choice.label(), gpusKey, gpus, why));
  }
}
