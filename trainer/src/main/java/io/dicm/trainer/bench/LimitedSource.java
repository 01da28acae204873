package io.dicm.trainer.bench;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.train.EpochSource;
import java.io.IOException;
import java.util.Arrays;

/** The first impressions of another source, and how many images they refer to. For one thread. */
final class LimitedSource implements SampleSource {
  private final SampleSource source;
  private long left;
  private long imageReferences;

  private LimitedSource(SampleSource source, long impressions) {
    this.source = source;
    this.left = impressions;
  }

  /** Exactly so many impressions of a source, from as many epochs as it takes. */
  static LimitedSource of(EpochSource epochs, long impressions) {
    return new LimitedSource(new StepSamples(epochs, impressions), impressions);
  }

  @Override
  public Sample next() throws IOException {
    if (left <= 0) {
      return null;
    }
    Sample sample = source.next();
    if (sample == null) {
      return null;
    }
    int taken = (int) Math.min(left, sample.impressions().size());
    left -= taken;
    imageReferences += taken * pictures(sample.behaviors().imageKeys());
    imageReferences +=
        sample.impressions().subList(0, taken).stream()
            .mapToLong(Impression::imageKey)
            .filter(key -> key != Fingerprints.NONE)
            .count();
    return taken == sample.impressions().size()
        ? sample
        : new Sample(
            sample.userId(),
            sample.timestampSeconds(),
            sample.userKeys(),
            sample.behaviors(),
            sample.impressions().subList(0, taken));
  }

  private static long pictures(long[] keys) {
    return Arrays.stream(keys).filter(key -> key != Fingerprints.NONE).count();
  }

  /** Pictures that the impressions given so far refer to, each impression's behaviours anew. */
  long imageReferences() {
    return imageReferences;
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
