package io.dicm.trainer.sample;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Numbers items while a file is written, from 0 in the order in which rows need them. An item whose
 * features differ from those that it had before gets a further number. Holds the items since {@link
 * #clear}, about 500 bytes each. For one thread.
 */
final class ItemNumbers {
  private final BehaviorKeys behaviorKeys;
  private final Map<ItemFeatures, Integer> shown = new HashMap<>();
  private final Map<Click, Integer> clicked = new HashMap<>();
  private final List<ItemFeatures> added = new ArrayList<>();
  private int size;

  ItemNumbers(BehaviorKeys behaviorKeys) {
    this.behaviorKeys = behaviorKeys;
  }

  /** Begins a new count: the next item is the first. */
  void clear() {
    shown.clear();
    clicked.clear();
    size = 0;
  }

  /** Items numbered. */
  int size() {
    return size;
  }

  /** The number of a shown item. */
  int of(ItemFeatures item) {
    Integer known = shown.get(item);
    return known == null ? add(item) : known;
  }

  /**
   * The numbers of items with these behaviours, which need not have been shown.
   *
   * @return [behaviour]
   */
  int[] of(Behaviors behaviors) {
    int[] numbers = new int[behaviors.imageKeys().length];
    for (int t = 0; t < numbers.length; t++) {
      numbers[t] = of(Click.at(behaviors, t));
    }
    return numbers;
  }

  /** The items that have got numbers since the last call, in the order of those. */
  List<ItemFeatures> takeAdded() {
    List<ItemFeatures> taken = List.copyOf(added);
    added.clear();
    return taken;
  }

  private int of(Click click) {
    Integer known = clicked.get(click);
    if (known != null) {
      return known;
    }
    // Not among the shown ones: without names, and often without pictures, all would have one hash.
    clicked.put(click, size);
    return append(new ItemFeatures("", "", click.imageKey, behaviorKeys.itemKeys(click.keys)));
  }

  private int add(ItemFeatures item) {
    shown.put(item, size);
    clicked.putIfAbsent(new Click(item.imageKey(), behaviorKeys.of(item.itemKeys())), size);
    return append(item);
  }

  private int append(ItemFeatures item) {
    added.add(item);
    return size++;
  }

  /**
   * One behaviour.
   *
   * @param keys [behaviour field]
   */
  private record Click(long imageKey, long[] keys) {
    static Click at(Behaviors behaviors, int t) {
      long[] keys = new long[behaviors.idKeys().length];
      for (int field = 0; field < keys.length; field++) {
        keys[field] = behaviors.idKeys()[field][t];
      }
      return new Click(behaviors.imageKeys()[t], keys);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Click click
          && imageKey == click.imageKey
          && Arrays.equals(keys, click.keys);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(imageKey) + Arrays.hashCode(keys);
    }
  }
}
