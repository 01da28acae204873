package io.dicm.hive.udf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The items with the highest similarities, at most a given number of them; of equal similarities
 * the lower ID comes first, so the order of adding does not matter. For one thread.
 */
final class NearestItems {
  private final int most;
  private final PriorityQueue<Item> worstFirst;

  /**
   * @param most at least 1; the IDs are of one type
   */
  NearestItems(int most) {
    this.most = most;
    this.worstFirst = new PriorityQueue<>(Comparator.<Item>reverseOrder());
  }

  /** An item; the better one is less. */
  static final class Item implements Comparable<Item> {
    private final Comparable<Object> id;
    private final double similarity;

    Item(Comparable<Object> id, double similarity) {
      this.id = id;
      this.similarity = similarity;
    }

    Comparable<Object> id() {
      return id;
    }

    double similarity() {
      return similarity;
    }

    @Override
    public int compareTo(Item other) {
      int order = Double.compare(other.similarity, similarity);
      return order == 0 ? id.compareTo(other.id) : order;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Item
          && ((Item) other).id.equals(id)
          && Double.compare(((Item) other).similarity, similarity) == 0;
    }

    @Override
    public int hashCode() {
      return 31 * id.hashCode() + Double.hashCode(similarity);
    }
  }

  int most() {
    return most;
  }

  /** How many there are. */
  int size() {
    return worstFirst.size();
  }

  void add(Comparable<Object> id, double similarity) {
    Item item = new Item(id, similarity);
    if (worstFirst.size() < most) {
      worstFirst.add(item);
    } else if (item.compareTo(worstFirst.peek()) < 0) {
      worstFirst.poll();
      worstFirst.add(item);
    }
  }

  /** The best one first. */
  List<Item> sorted() {
    List<Item> items = new ArrayList<>(worstFirst);
    items.sort(Comparator.naturalOrder());
    return items;
  }
}
