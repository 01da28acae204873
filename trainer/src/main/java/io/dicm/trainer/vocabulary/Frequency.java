package io.dicm.trainer.vocabulary;

/**
 * A value of a feature.
 *
 * @param value as it stands in the table; of a number its bucket
 * @param count how often it is there, or a little less
 */
public record Frequency(String value, long count) {}
