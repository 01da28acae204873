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
 * @param elementType type of a vector's elements in the store
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

  public ExtractorDescription {
    if (!extractorId.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "Extractor ID was '" + extractorId + "', allowed are letters, digits, '.', '_' and '-'");
    }
    if (dimension < 1) {
      throw new IllegalArgumentException("Dimension was " + dimension + ", allowed 1 or more");
    }
  }

  /** Whether the weights were drawn, not learned: vectors for trying things, not for use. */
  public boolean randomWeights() {
    return weightsDigest.startsWith(RANDOM);
  }
}
