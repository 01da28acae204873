package io.dicm.trainer.bench;

/**
 * What the common-feature layout saves, over one pass of the training samples.
 *
 * @param samples moments of a user
 * @param impressions shown items
 * @param flatBytes of a file with a row an impression, in the product's order: there the encoding
 *     finds most of what neighbours repeat
 * @param shuffledBytes of such a file in random order, in which a reader without a shuffle buffer
 *     of its own needs it
 * @param nestedBytes of a file as the product writes it
 * @param flat look-ups when every impression asks for all its keys
 * @param bySample look-ups when the impressions of a sample ask for what they share once
 * @param byBatch look-ups when a batch asks for each key once, as the product does
 */
public record LayoutFigures(
    long samples,
    long impressions,
    long flatBytes,
    long shuffledBytes,
    long nestedBytes,
    LookUps flat,
    LookUps bySample,
    LookUps byBatch) {

  /** How many times the flat layout's bytes are the nested one's, both in one order. */
  public double flatRatio() {
    return (double) flatBytes / nestedBytes;
  }

  /** How many times the bytes of the flat layout in random order are the nested one's. */
  public double shuffledRatio() {
    return (double) shuffledBytes / nestedBytes;
  }

  /**
   * Keys asked for.
   *
   * @param images pictures, of shown items and of behaviours
   * @param ids ID-feature keys
   */
  public record LookUps(long images, long ids) {
    LookUps plus(long moreImages, long moreIds) {
      return new LookUps(images + moreImages, ids + moreIds);
    }
  }
}
