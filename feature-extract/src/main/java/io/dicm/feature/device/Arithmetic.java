package io.dicm.feature.device;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.global.torch;

/** In what precision a device multiplies matrices; values are kept in float32 in any case. */
public enum Arithmetic {
  /** IEEE 754 single precision. */
  FLOAT32,

  /** A GPU's matrix units: factors rounded to 11 significant bits, summed in float32. */
  TF32,

  /**
   * A GPU's matrix units: the factors of the sub-model's first layer, whose inputs are image
   * vectors, rounded to bfloat16 (8 significant bits), all others as {@link #TF32}; summed in
   * float32.
   */
  BFLOAT16;

  /**
   * Reads an option's value.
   *
   * @param option that is named in the error
   * @throws DicmException {@link ErrorCode#CONFIGURATION_INVALID} naming the allowed ones
   */
  public static Arithmetic of(String option, String value) {
    for (Arithmetic arithmetic : values()) {
      if (arithmetic.label().equals(value)) {
        return arithmetic;
      }
    }
    throw new DicmException(
        ErrorCode.CONFIGURATION_INVALID,
        "Cannot use %s=%s: allowed are %s."
            .formatted(
                option,
                value,
                Arrays.stream(values()).map(Arithmetic::label).collect(Collectors.joining(", "))));
  }

  /** As options and documents name it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Has libtorch multiply so on this process's GPU; a setting of the whole process, to be made
   * before the first product. The processor computes in single precision all the same.
   */
  public void useForProcess() {
    boolean matrixUnits = this != FLOAT32;
    torch.globalContext().setAllowTF32CuBLAS(matrixUnits);
    torch.globalContext().setAllowTF32CuDNN(matrixUnits);
  }
}
