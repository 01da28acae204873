package io.dicm.trainer.train;

import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import java.util.Iterator;
import java.util.List;

/** Samples out of a list; knows whether it was closed. */
public final class ListSource implements SampleSource {
  private final Iterator<Sample> samples;
  private volatile boolean closed;

  public ListSource(List<Sample> samples) {
    this.samples = samples.iterator();
  }

  @Override
  public Sample next() {
    return samples.hasNext() ? samples.next() : null;
  }

  @Override
  public void close() {
    closed = true;
  }

  public boolean closed() {
    return closed;
  }
}
