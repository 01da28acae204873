package io.dicm.feature.duplicate;

/** Disjoint sets of the numbers from 0 on, with path halving. Not safe for use by many threads. */
final class UnionFind {
  private final int[] parents;

  UnionFind(int count) {
    this.parents = new int[count];
    for (int i = 0; i < count; i++) {
      parents[i] = i;
    }
  }

  /** The least number of the set that {@code number} is in. */
  int find(int number) {
    int at = number;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  }

  /** Makes one set of two. */
  void union(int one, int other) {
    int first = find(one);
    int second = find(other);
    parents[Math.max(first, second)] = Math.min(first, second);
  }
}
