package io.dicm.trainer.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream of samples into runs of one user: consecutive samples, at most so many. For one
 * thread.
 */
final class UserRuns implements AutoCloseable {
  private final SampleSource source;
  private final int maxSamples;
  private Sample ahead;

  /**
   * @param source owned by this from now on
   * @param maxSamples most samples of a run, 1 or more
   */
  UserRuns(SampleSource source, int maxSamples) {
    this.source = source;
    this.maxSamples = maxSamples;
  }

  /** The next run in the source's order; empty at the end. */
  List<Sample> next() throws IOException {
    List<Sample> run = new ArrayList<>(1);
    Sample sample = ahead == null ? source.next() : ahead;
    ahead = null;
    while (sample != null && run.size() < maxSamples && continues(run, sample)) {
      run.add(sample);
      sample = run.size() < maxSamples ? source.next() : null;
    }
    ahead = sample;
    return run;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private static boolean continues(List<Sample> run, Sample sample) {
    return run.isEmpty() || run.get(0).userId().equals(sample.userId());
  }
}
