package io.dicm.trainer.samplejob;

import org.apache.hadoop.io.RawComparator;
import org.apache.hadoop.io.WritableComparator;

/**
 * The job's comparators with whatever type MRUnit's driver asks for, which is not always the key.
 */
final class ShuffleComparators {
  private ShuffleComparators() {}

  static <K> RawComparator<K> order() {
    return typed(new UserEventOrder());
  }

  static <K> RawComparator<K> grouping() {
    return typed(new UserGrouping());
  }

  @SuppressWarnings("unchecked") // WritableComparator implements a raw type.
  private static <K> RawComparator<K> typed(WritableComparator comparator) {
    return comparator;
  }
}
