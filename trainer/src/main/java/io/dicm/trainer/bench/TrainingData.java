package io.dicm.trainer.bench;

import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.EpochSource;

/** What a benchmark trains on. Safe for use by many threads. */
public interface TrainingData {
  /** A few words for people. */
  String description();

  FeatureSchema schema();

  /** The image vectors. */
  FeatureSnapshot vectors();

  /** A worker's share of the samples. */
  EpochSource samples(int worker, int workers);

  /** Training impressions of one epoch. */
  long impressions();

  /** Bytes of the samples' files. */
  long sampleBytes();
}
