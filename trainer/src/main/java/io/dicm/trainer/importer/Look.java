package io.dicm.trainer.importer;

/**
 * What a picture shows. Only the shape, as the category, is told in items.csv; the rest can be seen
 * only.
 *
 * @param light whether the pattern is light on the colour, or dark
 */
record Look(ProductShape shape, ProductColor color, ProductPattern pattern, boolean light) {}
