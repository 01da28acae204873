package io.dicm.trainer.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Gives the samples of another source in a random order, as far as its buffer reaches. */
final class ShuffledSource implements SampleSource {
  private final SampleSource source;
  private final SplittableRandom random;
  private final int capacity;
  private final List<Sample> buffer = new ArrayList<>();

  ShuffledSource(SampleSource source, SplittableRandom random, int capacity) {
    this.source = source;
    this.random = random;
    this.capacity = capacity;
  }

  @Override
  public Sample next() throws IOException {
    Sample read = fill();
    if (buffer.isEmpty()) {
      return read;
    }
    int chosen = random.nextInt(buffer.size());
    Sample last = read == null ? buffer.remove(buffer.size() - 1) : read;
    return chosen == buffer.size() ? last : buffer.set(chosen, last);
  }

  @Override
  public void close() throws IOException {
    buffer.clear();
    source.close();
  }

  /** Fills the buffer; the sample that found no place, or null at the end. */
  private Sample fill() throws IOException {
    Sample read = source.next();
    while (read != null && buffer.size() < capacity) {
      buffer.add(read);
      read = source.next();
    }
    return read;
  }
}
