package io.dicm.trainer.model;

/**
 * What one training pass gives: the sum of the impressions' losses, its gradients, and how the
 * impressions scored before the step's update.
 *
 * @param lossSum sum of softmax cross-entropies, nats
 * @param clickProbabilities of a click, by the parameters that the pass began with, [impressions]
 * @param adCodes gradient, laid out as the input
 * @param behaviorCodes gradient, laid out as the input
 * @param idEmbeddings gradient, laid out as the input
 * @param dense gradient, flat
 */
public record StepOutcome(
    double lossSum,
    float[] clickProbabilities,
    float[] adCodes,
    float[] behaviorCodes,
    float[] idEmbeddings,
    float[] dense) {}
