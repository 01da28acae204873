package io.dicm.trainer.model;

/**
 * Which rows of the three unique tables (ID embeddings, ad codes, behaviour codes) each impression
 * of a batch uses.
 *
 * @param samples the number of samples in the batch
 * @param sampleOfImpression the sample that each impression belongs to, [impressions]
 * @param sampleIds rows of ID embeddings, {@link NetworkShape#sampleBags()} bags a sample, sample
 *     after sample
 * @param impressionIds rows of ID embeddings, {@link NetworkShape#impressionBags()} bags an
 *     impression, impression after impression
 * @param adImages rows of ad codes, a bag an impression with one row, or none for a missing picture
 * @param behaviorImages rows of behaviour codes, a bag an impression; behaviours without a picture
 *     are left out, as if there had been none; oldest first
 * @param crosses rows of ID embeddings, a bag a cross, impression after impression
 * @param behaviors the behaviours one by one; {@link BehaviorIndices#NONE} unless they are read so
 */
public record NetworkIndices(
    int samples,
    int[] sampleOfImpression,
    Bags sampleIds,
    Bags impressionIds,
    Bags adImages,
    Bags behaviorImages,
    Bags crosses,
    BehaviorIndices behaviors) {
  /** Without crosses, for a network that pools behaviours. */
  public NetworkIndices(
      int samples,
      int[] sampleOfImpression,
      Bags sampleIds,
      Bags impressionIds,
      Bags adImages,
      Bags behaviorImages) {
    this(
        samples,
        sampleOfImpression,
        sampleIds,
        impressionIds,
        adImages,
        behaviorImages,
        Bags.NONE,
        BehaviorIndices.NONE);
  }

  /** The number of impressions. */
  public int impressions() {
    return sampleOfImpression.length;
  }
}
