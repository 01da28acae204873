package io.dicm.feature.store;

/**
 * One finished file and the sums over its vectors.
 *
 * @param file what the manifest will say about it
 * @param sum per-dimension sum, [dimension]
 * @param sumOfSquares per-dimension sum of squares, [dimension]
 */
public record WrittenFile(FeatureFile file, double[] sum, double[] sumOfSquares) {}
