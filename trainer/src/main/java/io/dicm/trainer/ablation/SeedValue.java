package io.dicm.trainer.ablation;

/**
 * What one seed's training came to, and how it would have been with other test users.
 *
 * @param value a metric, or a paired difference of it
 * @param replicates the same of each bootstrap sample of users; replicate b of every seed has the
 *     same users. NaN where it is not defined. Not copied and not changed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record SeedValue(double value, double[] replicates) {}
