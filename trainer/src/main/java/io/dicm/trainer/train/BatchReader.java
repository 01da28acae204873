package io.dicm.trainer.train;

import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream of samples into batches of a fixed number of impressions; the last one may be
 * smaller. A sample whose impressions do not all fit is shared between two batches. For one thread.
 */
public final class BatchReader implements Closeable {
  private final SampleSource source;
  private final BatchAssembler assembler;
  private final int batchSize;
  private Sample rest;
  private long skippedImpressions;

  /**
   * @param source owned by this reader from now on
   * @param batchSize impressions of a batch, 1 or more
   */
  public BatchReader(SampleSource source, BatchAssembler assembler, int batchSize) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("Batch size was " + batchSize + ", needed 1 or more");
    }
    this.source = source;
    this.assembler = assembler;
    this.batchSize = batchSize;
  }

  /** The next batch, or null at the end. */
  public Batch next() throws IOException {
    List<Sample> samples = nextSamples();
    return samples.isEmpty() ? null : assembler.assemble(samples);
  }

  /**
   * Leaves out the next batches, without making them.
   *
   * @return how many there were, at most {@code batches}
   */
  long skip(long batches) throws IOException {
    long skipped = 0;
    while (skipped < batches) {
      List<Sample> samples = nextSamples();
      if (samples.isEmpty()) {
        break;
      }
      skippedImpressions += samples.stream().mapToLong(sample -> sample.impressions().size()).sum();
      skipped++;
    }
    return skipped;
  }

  /** Whether all samples that are left are in memory. */
  boolean isReadThrough() {
    return source.isReadThrough();
  }

  /** Takes up to so many more samples into memory, where the source has room for them. */
  void readAhead(int samples) throws IOException {
    source.readAhead(samples);
  }

  /** Impressions of the batches left out so far. */
  long skippedImpressions() {
    return skippedImpressions;
  }

  /** The samples of the next batch; none at the end. */
  private List<Sample> nextSamples() throws IOException {
    List<Sample> samples = new ArrayList<>();
    int room = batchSize;
    while (room > 0) {
      Sample sample = nextSample();
      if (sample == null) {
        break;
      }
      Sample fitting = head(sample, room);
      rest = tail(sample, room);
      samples.add(fitting);
      room -= fitting.impressions().size();
    }
    return samples;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  private Sample nextSample() throws IOException {
    if (rest == null) {
      return source.next();
    }
    Sample sample = rest;
    rest = null;
    return sample;
  }

  private static Sample head(Sample sample, int count) {
    return sample.impressions().size() <= count ? sample : part(sample, 0, count);
  }

  private static Sample tail(Sample sample, int count) {
    int size = sample.impressions().size();
    return size <= count ? null : part(sample, count, size);
  }

  private static Sample part(Sample sample, int from, int to) {
    return new Sample(
        sample.userId(),
        sample.timestampSeconds(),
        sample.userKeys(),
        sample.behaviors(),
        sample.impressions().subList(from, to));
  }
}
