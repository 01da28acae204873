package io.dicm.feature.cuda;

import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
import static org.bytedeco.cuda.global.cudart.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR;

/**
 * A GPU's compute capability: 9.0 for an H100.
 *
 * @param major generation
 * @param minor variant of it
 */
public record GpuArchitecture(int major, int minor) {
  /** Of a GPU; its context is current. */
  static GpuArchitecture of(CudaContext context) {
    return new GpuArchitecture(
        context.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
        context.attribute(CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR));
  }

  /** As compilers name it: {@code sm_90}. */
  public String label() {
    return "sm_" + major + minor;
  }
}
