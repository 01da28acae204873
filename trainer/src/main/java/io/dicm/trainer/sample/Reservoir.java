package io.dicm.trainer.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws a few of a stream's values, each with the same probability: the same stream and seed give
 * the same ones. For one thread.
 */
public final class Reservoir<T> {
  private final int size;
  private final SplittableRandom random;
  private final List<T> drawn = new ArrayList<>();
  private long seen;

  /**
   * @param size values to draw
   * @param seed another one draws others
   */
  public Reservoir(int size, long seed) {
    this.size = size;
    this.random = new SplittableRandom(seed);
  }

  /** Takes the stream's next value. */
  public void offer(T value) {
    seen++;
    if (drawn.size() < size) {
      drawn.add(value);
      return;
    }
    long place = random.nextLong(seen);
    if (place < size) {
      drawn.set((int) place, value);
    }
  }

  /** In no particular order. */
  public List<T> drawn() {
    return List.copyOf(drawn);
  }
}
