package io.dicm.trainer.importer;

import java.util.HashSet;
import java.util.Set;

/** Totals of a log while it is imported; remembers the users' and items' names. For one thread. */
final class ImportTotals {
  private final Set<String> users = new HashSet<>();
  private final Set<String> items = new HashSet<>();
  private long rows;
  private long clicks;

  void add(String user, String item, boolean click) {
    users.add(user);
    items.add(item);
    rows++;
    clicks += click ? 1 : 0;
  }

  /** Items of the log. */
  Set<String> items() {
    return items;
  }

  /**
   * The totals.
   *
   * @param itemRows rows of items.csv
   * @param images pictures or vectors
   */
  ImportSummary summary(long itemRows, long images) {
    return new ImportSummary(itemRows, images, users.size(), rows, clicks);
  }
}
