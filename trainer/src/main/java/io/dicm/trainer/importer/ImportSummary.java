package io.dicm.trainer.importer;

/**
 * What an import wrote.
 *
 * @param items rows of items.csv
 * @param images picture files
 * @param users distinct users
 * @param impressions rows of impressions.csv
 * @param clicks impressions with label 1
 */
public record ImportSummary(long items, long images, long users, long impressions, long clicks) {}
