package io.dicm.hive.udf;

import org.apache.hadoop.hive.ql.exec.Description;

/** {@code cosine_similarity(array, array)}: a double from -1 to 1. */
@Description(
    name = "cosine_similarity",
    value = "_FUNC_(a, b) - cosine of the angle of two arrays of numbers of one length, a double",
    extended =
        "NULL when an array is NULL, has a NULL or nothing but zeros; arrays of different lengths"
            + " are an error.\n"
            + "Example: SELECT _FUNC_(array(1, 0), array(1, 1)) gives 0.7071067811865475")
public final class CosineSimilarity extends VectorPairFunction {
  /** For Hive. */
  public CosineSimilarity() {
    super("cosine_similarity");
  }

  @Override
  double of(VectorReader first, VectorReader second) {
    double norms = Math.sqrt(dotProduct(first, first)) * Math.sqrt(dotProduct(second, second));
    double cosine = dotProduct(first, second) / norms; // No number where a norm is 0.
    return Math.min(Math.max(cosine, -1), 1);
  }
}
