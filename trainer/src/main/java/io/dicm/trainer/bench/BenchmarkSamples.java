package io.dicm.trainer.bench;

import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.EpochSource;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/**
 * A measurement's data, opened. Immutable.
 *
 * @param pictures all vectors
 * @param impressions of one epoch
 * @param sampleBytes bytes of the samples' files
 */
record BenchmarkSamples(
    Configuration conf,
    StepData data,
    ShuffleOptions shuffle,
    FeatureSnapshot pictures,
    long impressions,
    long sampleBytes) {
  static BenchmarkSamples open(Configuration conf, StepData data, ShuffleOptions shuffle)
      throws IOException {
    return new BenchmarkSamples(
        conf, data, shuffle, data.pictures(conf), data.impressions(conf), data.sampleBytes(conf));
  }

  FeatureSchema schema() {
    return data.schema(conf);
  }

  /** One worker's share. */
  EpochSource share(int worker, int workers) {
    return data.share(conf, worker, workers, shuffle);
  }
}
