package io.dicm.trainer.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Gives the runs of a stream of samples in a random order, as far as its buffer reaches, and the
 * samples of each run one after the other.
 */
final class ShuffledSource implements SampleSource {
  private final UserRuns runs;
  private final SplittableRandom random;
  private final int capacity;
  private final List<List<Sample>> buffer = new ArrayList<>();
  private Iterator<Sample> current = List.<Sample>of().iterator();
  private int buffered;
  private boolean ended;

  /**
   * @param runs owned by this source from now on
   * @param capacity samples in the buffer from which on no further run is read
   */
  ShuffledSource(UserRuns runs, SplittableRandom random, int capacity) {
    this.runs = runs;
    this.random = random;
    this.capacity = capacity;
  }

  @Override
  public Sample next() throws IOException {
    if (!current.hasNext()) {
      fill(capacity);
      if (buffer.isEmpty()) {
        return null;
      }
      current = take(random.nextInt(buffer.size())).iterator();
    }
    return current.next();
  }

  @Override
  public boolean isReadThrough() {
    return ended;
  }

  @Override
  public void readAhead(int samples) throws IOException {
    fill((int) Math.min(capacity, (long) buffered + samples));
  }

  @Override
  public void close() throws IOException {
    buffer.clear();
    runs.close();
  }

  /** Reads until so many samples are in the buffer, and at least one run. */
  private void fill(int samples) throws IOException {
    while (!ended && (buffer.isEmpty() || buffered < samples)) {
      List<Sample> run = runs.next();
      if (run.isEmpty()) {
        ended = true;
      } else {
        buffer.add(run);
        buffered += run.size();
      }
    }
  }

  /** Takes a run out; the last one moves to its place. */
  private List<Sample> take(int place) {
    List<Sample> last = buffer.remove(buffer.size() - 1);
    List<Sample> taken = place == buffer.size() ? last : buffer.set(place, last);
    buffered -= taken.size();
    return taken;
  }
}
