package io.dicm.trainer.network;

/**
 * What a training step knows besides its batch.
 *
 * @param objective what is minimised
 * @param seed of what is drawn at random in the step; the same for the same worker, seed and step
 */
public record StepContext(Objective objective, long seed) {
  /** A step of the whole network, for networks that draw nothing. */
  public static final StepContext PLAIN = new StepContext(Objective.WHOLE, 0);
}
