package io.dicm.trainer.model;

/**
 * What training on a share of the impressions without a click does to probabilities, undone: with a
 * share w of the negatives kept, odds are 1 / w times as high as they should be, so that q = p / (p
 * + (1 - p) / w) (He and others, "Practical lessons from predicting clicks on ads at Facebook",
 * 2014). Immutable.
 *
 * @param keepFraction w, above 0 and up to 1
 */
public record NegativeSampling(double keepFraction) {
  public NegativeSampling {
    if (!(keepFraction > 0 && keepFraction <= 1)) {
      throw new IllegalArgumentException(
          "Keep fraction was " + keepFraction + ", allowed is above 0 and up to 1");
    }
  }

  /** The probability among all impressions, of that among those that training kept. */
  public double correct(double probability) {
    return keepFraction == 1
        ? probability
        : probability / (probability + (1 - probability) / keepFraction);
  }

  /** The probability among the impressions that samples kept, of that among all: the inverse. */
  public double amongKept(double probability) {
    return keepFraction == 1
        ? probability
        : probability / (probability + (1 - probability) * keepFraction);
  }

  /** As {@link #correct(double)}, in place. */
  public void correct(float[] probabilities) {
    for (int i = 0; i < probabilities.length; i++) {
      probabilities[i] = (float) correct((double) probabilities[i]);
    }
  }
}
