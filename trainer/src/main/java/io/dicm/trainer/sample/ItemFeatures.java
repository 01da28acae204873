package io.dicm.trainer.sample;

import java.util.Arrays;

/**
 * What an impression has of its item: the same wherever the item is shown. Equal by content.
 *
 * @param itemId the item, or the empty string for one that is known by clicks alone
 * @param category the item's first category, or the empty string
 * @param imageKey the item's picture, or {@code Fingerprints.NONE}
 * @param itemKeys [item field][values]
 */
record ItemFeatures(String itemId, String category, long imageKey, long[][] itemKeys) {
  static ItemFeatures of(Impression impression) {
    return new ItemFeatures(
        impression.itemId(), impression.category(), impression.imageKey(), impression.itemKeys());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ItemFeatures item
        && imageKey == item.imageKey
        && itemId.equals(item.itemId)
        && category.equals(item.category)
        && Arrays.deepEquals(itemKeys, item.itemKeys);
  }

  @Override
  public int hashCode() {
    return 31 * itemId.hashCode() + Long.hashCode(imageKey);
  }
}
