package io.dicm.trainer.sample;

import java.util.Arrays;

/**
 * The behaviours of one user's consecutive samples, each stored once: a sample's window begins
 * where that of the sample before had moved to, and only what has arrived since is added. For one
 * thread.
 */
final class SharedHistory {
  private final int fields;
  private long[] imageKeys = new long[64];
  private long[][] idKeys;
  private int size;

  /**
   * @param fields behaviour fields
   */
  SharedHistory(int fields) {
    this.fields = fields;
    this.idKeys = new long[fields][imageKeys.length];
  }

  /** Behaviours stored. */
  int size() {
    return size;
  }

  /**
   * Adds what is new: afterwards the window is the end of this history.
   *
   * @return how many behaviours were new
   */
  int append(Behaviors window) {
    int shared = overlap(window);
    int length = window.imageKeys().length;
    for (int t = shared; t < length; t++) {
      add(window, t);
    }
    return length - shared;
  }

  /** All that is stored, and nothing any more. */
  Behaviors take() {
    long[][] ids = new long[fields][];
    for (int field = 0; field < fields; field++) {
      ids[field] = Arrays.copyOf(idKeys[field], size);
    }
    Behaviors all = new Behaviors(Arrays.copyOf(imageKeys, size), ids);
    size = 0;
    return all;
  }

  /**
   * The most behaviours at the end of this history that the window begins with; in linear time, by
   * the window's own repetitions (Knuth, Morris, Pratt).
   */
  private int overlap(Behaviors window) {
    int length = window.imageKeys().length;
    int[] shorter = repetitions(window);
    int matched = 0;
    for (int place = Math.max(0, size - length); place < size; place++) {
      while (matched > 0 && !holds(place, window, matched)) {
        matched = shorter[matched - 1];
      }
      matched += holds(place, window, matched) ? 1 : 0;
    }
    return matched;
  }

  /** For each beginning of the window the longest shorter one that it ends with. */
  private static int[] repetitions(Behaviors window) {
    int[] shorter = new int[window.imageKeys().length];
    int matched = 0;
    for (int t = 1; t < shorter.length; t++) {
      while (matched > 0 && !equal(window, t, matched)) {
        matched = shorter[matched - 1];
      }
      matched += equal(window, t, matched) ? 1 : 0;
      shorter[t] = matched;
    }
    return shorter;
  }

  private boolean holds(int place, Behaviors window, int t) {
    boolean same = imageKeys[place] == window.imageKeys()[t];
    for (int field = 0; same && field < fields; field++) {
      same = idKeys[field][place] == window.idKeys()[field][t];
    }
    return same;
  }

  private static boolean equal(Behaviors window, int t, int other) {
    boolean same = window.imageKeys()[t] == window.imageKeys()[other];
    for (int field = 0; same && field < window.idKeys().length; field++) {
      same = window.idKeys()[field][t] == window.idKeys()[field][other];
    }
    return same;
  }

  private void add(Behaviors window, int t) {
    if (size == imageKeys.length) {
      imageKeys = Arrays.copyOf(imageKeys, 2 * size);
      for (int field = 0; field < fields; field++) {
        idKeys[field] = Arrays.copyOf(idKeys[field], 2 * size);
      }
    }
    imageKeys[size] = window.imageKeys()[t];
    for (int field = 0; field < fields; field++) {
      idKeys[field][size] = window.idKeys()[field][t];
    }
    size++;
  }
}
