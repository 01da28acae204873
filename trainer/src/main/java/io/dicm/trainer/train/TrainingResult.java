package io.dicm.trainer.train;

/**
 * What one worker did.
 *
 * @param steps steps it took part in, those before a checkpoint included
 * @param impressions impressions it trained on since it started, over all epochs
 * @param finalLoss mean loss of its latest hundred steps or so, nats; NaN when it had no samples
 * @param curve its training curve
 */
public record TrainingResult(long steps, long impressions, double finalLoss, TrainingCurve curve) {}
