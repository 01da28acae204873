package io.dicm.trainer.model;

import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;

/** Two features whose pairs of values have weights of their own. */
public interface FeatureCross {
  /** The keys of the pairs that an impression has, each at least once. */
  long[] keys(Sample sample, Impression impression);
}
