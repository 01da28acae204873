package io.dicm.trainer.sample;

import java.util.ArrayList;
import java.util.List;

/** The items that the rows read so far have brought, by number. For one thread. */
final class NumberedItems {
  private final BehaviorKeys behaviorKeys;
  private final List<ItemFeatures> items = new ArrayList<>();

  NumberedItems(BehaviorKeys behaviorKeys) {
    this.behaviorKeys = behaviorKeys;
  }

  /** A new count begins: the next item is the first. */
  void clear() {
    items.clear();
  }

  /** Adds the item of the next number. */
  void add(ItemFeatures item) {
    items.add(item);
  }

  ItemFeatures get(int number) {
    return items.get(number);
  }

  /** The behaviours of clicks on these items. */
  Behaviors behaviors(int[] numbers) {
    long[] imageKeys = new long[numbers.length];
    long[][] idKeys = new long[behaviorKeys.fields()][numbers.length];
    for (int t = 0; t < numbers.length; t++) {
      ItemFeatures item = items.get(numbers[t]);
      imageKeys[t] = item.imageKey();
      for (int field = 0; field < idKeys.length; field++) {
        idKeys[field][t] = behaviorKeys.of(item.itemKeys(), field);
      }
    }
    return new Behaviors(imageKeys, idKeys);
  }
}
