package io.dicm.feature.encode;

/** Arithmetic of a network; what goes in and comes out is float32 either way. */
enum Precision {
  FLOAT32,
  /** Products of bfloat16, summed in float32; layers' outputs are rounded to bfloat16. */
  BFLOAT16
}
