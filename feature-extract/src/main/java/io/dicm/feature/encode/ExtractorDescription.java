package io.dicm.feature.encode;

/**
 * What made a vector. Two vectors may be compared only if their extractors' IDs are equal.
 *
 * @param extractorId short, safe as a directory's name; changes with anything that changes a vector
 * @param layer the network's output that is the vector
 * @param weightsDigest lower-case hexadecimal SHA-256 of the weights file, or how weights were
 *     made; random ones begin with {@link #RANDOM}
 * @param preprocessing how a picture becomes the network's input
 * @param dimension length of a vector
 * @param elementType which numbers a vector's elements are: {@link #FLOAT32} or {@link #FLOAT16}
 */
public record ExtractorDescription(
    String extractorId,
    String layer,
    String weightsDigest,
    String preprocessing,
    int dimension,
    String elementType) {
  /** How {@link #weightsDigest} begins when nothing was learned. */
  public static final String RANDOM = "random-";

  /** Single precision. */
  public static final String FLOAT32 = "float32";

  /** Single precision, rounded to what half precision has: 11 significant bits, at most 65,504. */
  public static final String FLOAT16 = "float16";

  public ExtractorDescription {
    if (!extractorId.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "Extractor ID was '" + extractorId + "', allowed are letters, digits, '.', '_' and '-'");
    }
    if (dimension < 1) {
      throw new IllegalArgumentException("Dimension was " + dimension + ", allowed 1 or more");
    }
  }

  /** The same vectors, rounded to half precision: other vectors, and so another extractor. */
  public ExtractorDescription inHalfPrecision() {
    return new ExtractorDescription(
        extractorId + "-" + FLOAT16, layer, weightsDigest, preprocessing, dimension, FLOAT16);
  }

  /** Whether the vectors are rounded to half precision. */
  public boolean halfPrecision() {
    return elementType.equals(FLOAT16);
  }

  /** Whether the weights were drawn, not learned: vectors for trying things, not for use. */
  public boolean randomWeights() {
    return weightsDigest.startsWith(RANDOM);
  }
}
