package io.dicm.trainer.samplejob;

/**
 * What the join takes from one row of items.csv.
 *
 * @param category the first category, or the empty string
 * @param imageKey the picture, or {@code Fingerprints.NONE}
 * @param itemKeys [item field][values]
 * @param behaviorKeys [behaviour field]; {@code Fingerprints.NONE} where empty
 */
record Item(String category, long imageKey, long[][] itemKeys, long[] behaviorKeys) {}
