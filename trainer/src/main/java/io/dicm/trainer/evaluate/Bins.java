package io.dicm.trainer.evaluate;

import java.util.ArrayList;
import java.util.List;

/** Whole numbers from 0 on in a few bins, the last one open. Immutable. */
final class Bins {
  private final long[] last;

  /**
   * @param last the largest number of each bin but the open one, ascending
   */
  Bins(long... last) {
    this.last = last.clone();
  }

  int count() {
    return last.length + 1;
  }

  /** The bin of a number, 0 to count - 1. */
  int of(long number) {
    int bin = 0;
    while (bin < last.length && number > last[bin]) {
      bin++;
    }
    return bin;
  }

  /** Such as {@code 0}, {@code 1-5}, {@code more}. */
  List<String> labels() {
    List<String> labels = new ArrayList<>();
    long first = 0;
    for (long end : last) {
      labels.add(first == end ? Long.toString(end) : first + "-" + end);
      first = end + 1;
    }
    labels.add("more");
    return labels;
  }
}
