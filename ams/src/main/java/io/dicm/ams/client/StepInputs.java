package io.dicm.ams.client;

/**
 * What the servers answer to a {@link StepRequest}, row-major.
 *
 * @param adCodes the ad sub-model's codes, [a, 12]
 * @param behaviorCodes the behaviour sub-model's codes, [b, 12]
 * @param idEmbeddings [n, row width]: an embedding, then the ID's weights if there are any
 * @param dense the worker network's parameters before this step, flat
 * @param tierCounts answers {@link StepRequest#tiers}, [impressions, tiers]
 */
public record StepInputs(
    float[] adCodes, float[] behaviorCodes, float[] idEmbeddings, float[] dense, int[] tierCounts) {
  private static final int[] NO_TIERS = {};

  /** Without tier histograms. */
  public StepInputs(float[] adCodes, float[] behaviorCodes, float[] idEmbeddings, float[] dense) {
    this(adCodes, behaviorCodes, idEmbeddings, dense, NO_TIERS);
  }

  /** The same with tier histograms. */
  public StepInputs withTiers(int[] counts) {
    return new StepInputs(adCodes, behaviorCodes, idEmbeddings, dense, counts);
  }
}
