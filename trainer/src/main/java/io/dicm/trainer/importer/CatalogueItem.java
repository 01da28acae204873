package io.dicm.trainer.importer;

import java.util.Locale;

/**
 * One product.
 *
 * @param number from 0
 * @param brand from 0
 * @param firstDay day of the log, from 0, on which it is first shown
 * @param appeal how much more it is clicked than its look and brand explain; only its ID tells
 * @param popularity how often it is shown, relative to others
 * @param png whether its picture is a PNG file and not a JPEG file
 */
record CatalogueItem(
    int number, Look look, int brand, int firstDay, double appeal, double popularity, boolean png) {

  String itemId() {
    return String.format(Locale.ROOT, "item-%04d", number);
  }

  String imageId() {
    return String.format(Locale.ROOT, "picture-%04d", number);
  }

  String brandName() {
    return String.format(Locale.ROOT, "brand-%02d", brand);
  }
}
