package io.dicm.trainer.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A tenth of the impressions by predicted probability. Impressions of equal probability are never
 * parted, so deciles are of unequal size, or empty, where many probabilities are equal.
 *
 * @param decile 1 for the lowest probabilities to 10
 * @param impressions in it, at least one
 * @param meanProbability mean of what was predicted
 * @param clickRate clicks by impressions; equal to the mean probability when well calibrated
 */
public record Decile(
    int decile,
    long impressions,
    @JsonProperty("mean_probability") double meanProbability,
    @JsonProperty("click_rate") double clickRate) {}
