package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.exec.Description;

/** {@code dot_product(array, array)}: a double, summed in double precision. */
@Description(
    name = "dot_product",
    value = "_FUNC_(a, b) - dot product of two arrays of numbers of one length, a double",
    extended =
        "NULL when an array is NULL or has a NULL; arrays of different lengths are an error.\n"
            + "Example: SELECT _FUNC_(array(1, 2), array(3, 4)) gives 11.0")
public final class DotProduct extends VectorPairFunction {
  /** For Hive. */
  public DotProduct() {
    super("dot_product");
  }

  @Override
  double of(VectorReader first, VectorReader second) {
    return dotProduct(first, second);
  }
}
