package io.dicm.trainer.predict;

/**
 * The vector of a user or of an item.
 *
 * @param id of the user or item
 * @param timestampSeconds the moment that it is of, seconds since 1970 UTC
 * @param imageKey an item's picture, or {@code Fingerprints.NONE}
 * @param bias what is added to its inner product with another to make it the log odds of a click
 * @param vector as the tower made it
 */
record TowerVector(String id, long timestampSeconds, long imageKey, double bias, float[] vector) {}
