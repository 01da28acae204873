package io.dicm.trainer.bench;

import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.schema.FeatureSchema;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Where a measurement's data lies.
 *
 * @param featuresJson the features that the samples were made with
 * @param samples directory of training samples, that with the Parquet files
 * @param features an extractor's directory in a feature store, of which the newest day counts;
 *     empty: random vectors for all pictures of the samples
 * @param dimension length of random vectors
 */
public record StepData(String featuresJson, String samples, String features, int dimension) {
  public FeatureSchema schema(Configuration conf) {
    return FeatureSchema.read(conf, new Path(featuresJson));
  }

  /** All samples in the order of an epoch. */
  public SampleSource open(Configuration conf, int epoch, ShuffleOptions shuffle)
      throws IOException {
    return SampleFiles.open(conf, new Path(samples), schema(conf), 0, 1, epoch, shuffle);
  }

  public FeatureSnapshot pictures(Configuration conf) throws IOException {
    if (!features.isEmpty()) {
      return FeatureStore.open(conf, new Path(features)).snapshot();
    }
    try (SampleSource all = SampleFiles.sequential(conf, new Path(samples), schema(conf), 0, 1)) {
      return RandomPictures.of(all, dimension);
    }
  }
}
