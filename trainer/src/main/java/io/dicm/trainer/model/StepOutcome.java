package io.dicm.trainer.model;

/**
 * What one training pass gives: the sum of the impressions' losses and its gradients.
 *
 * @param lossSum sum of softmax cross-entropies, nats
 * @param adCodes gradient, laid out as the input
 * @param behaviorCodes gradient, laid out as the input
 * @param idEmbeddings gradient, laid out as the input
 * @param dense gradient, flat
 */
public record StepOutcome(
    double lossSum, float[] adCodes, float[] behaviorCodes, float[] idEmbeddings, float[] dense) {}
