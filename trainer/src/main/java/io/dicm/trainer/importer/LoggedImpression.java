package io.dicm.trainer.importer;

/**
 * One row of the generated impressions.csv.
 *
 * @param timestampSeconds seconds since 1970 UTC
 * @param hour of the day, 0 to 23
 * @param position on the page, from 0
 */
record LoggedImpression(
    CatalogueUser user,
    CatalogueItem item,
    long timestampSeconds,
    int hour,
    int position,
    boolean click) {}
