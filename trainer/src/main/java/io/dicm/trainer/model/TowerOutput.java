package io.dicm.trainer.model;

/**
 * What the towers of a network make of a batch.
 *
 * @param width of a vector
 * @param users vectors of users, their behaviours and the context, [impressions * width]
 * @param items vectors of the shown items, [impressions * width]
 * @param bias what is added to each inner product
 * @param probabilities of a click, sigmoid(&lt;user, item&gt; + bias), [impressions]
 */
public record TowerOutput(
    int width, float[] users, float[] items, double bias, float[] probabilities) {
  /**
   * The same among all impressions, where training saw only a share of those without a click: the
   * correction of the odds is a summand of the log odds, so the bias takes it.
   */
  public TowerOutput corrected(NegativeSampling sampling) {
    float[] among = probabilities.clone();
    sampling.correct(among);
    return new TowerOutput(width, users, items, bias + Math.log(sampling.keepFraction()), among);
  }
}
