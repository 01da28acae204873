package io.dicm.trainer.bench;

import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.train.EpochSource;
import java.io.IOException;

/** Epoch after epoch in one stream, up to a number of impressions. For one thread. */
public final class StepSamples implements SampleSource {
  private final EpochSource epochs;
  private long impressionsLeft;
  private SampleSource current;
  private int epoch;

  /**
   * @param impressions after which the stream ends, with the sample that reaches them
   */
  public StepSamples(EpochSource epochs, long impressions) {
    this.epochs = epochs;
    this.impressionsLeft = impressions;
  }

  @Override
  public Sample next() throws IOException {
    if (impressionsLeft <= 0) {
      return null;
    }
    Sample sample = current == null ? null : current.next();
    if (sample == null) {
      close();
      current = epochs.open(epoch++);
      sample = current.next();
    }
    impressionsLeft -= sample == null ? 0 : sample.impressions().size();
    return sample;
  }

  @Override
  public void close() throws IOException {
    if (current != null) {
      current.close();
      current = null;
    }
  }
}
