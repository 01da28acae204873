package io.dicm.feature.encode;

/** Arithmetic of a network; what goes in and comes out is float32 either way. */
enum Precision {
  FLOAT32(""),
  /** Products of bfloat16, summed in float32; layers' outputs are rounded to bfloat16. */
  BFLOAT16("-bfloat16"),
  /**
   * Products of IEEE 754 half precision, summed in float32; layers' outputs are rounded to half
   * precision. On a GPU alone: libtorch's kernels for processors are slow with it.
   */
  FLOAT16("-float16-arithmetic");

  private final String idSuffix;

  Precision(String idSuffix) {
    this.idSuffix = idSuffix;
  }

  /** The end of an extractor's ID; {@code -float16} alone says how vectors are stored. */
  String idSuffix() {
    return idSuffix;
  }
}
