package io.dicm.feature.cuda;

import io.dicm.common.error.DicmException;
import java.util.List;

/** Compiles kernels to machine code. */
public interface CubinCompiler {
  /** Name and version: another one may give other code. */
  String version();

  /** What each call is compiled with beside the architecture. */
  List<String> options();

  /**
   * Machine code for one architecture.
   *
   * @throws DicmException naming the first error in the text
   */
  byte[] compile(KernelSource source, GpuArchitecture architecture);
}
