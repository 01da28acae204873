package io.dicm.trainer.bench;

import io.dicm.feature.store.FeatureSnapshot;
import io.dicm.feature.store.FeatureStore;
import io.dicm.trainer.sample.BehaviorKeys;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.sample.SampleFiles;
import io.dicm.trainer.sample.SampleSource;
import io.dicm.trainer.sample.ShuffleOptions;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.train.EpochSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    return share(conf, 0, 1, shuffle).open(epoch);
  }

  /** One worker's share of the samples. */
  EpochSource share(Configuration conf, int worker, int workers, ShuffleOptions shuffle) {
    FeatureSchema schema = schema(conf);
    return epoch ->
        SampleFiles.open(conf, new Path(samples), schema, worker, workers, epoch, shuffle);
  }

  /** Impressions of one epoch; reads all samples. */
  long impressions(Configuration conf) throws IOException {
    long impressions = 0;
    try (SampleSource all = SampleFiles.sequential(conf, new Path(samples), schema(conf), 0, 1)) {
      for (Sample sample = all.next(); sample != null; sample = all.next()) {
        impressions += sample.impressions().size();
      }
    }
    return impressions;
  }

  /** The items that the samples show clicked, as a catalogue to draw from; reads all samples. */
  ItemCatalogue catalogue(Configuration conf) throws IOException {
    FeatureSchema schema = schema(conf);
    BehaviorKeys behaviorKeys = new BehaviorKeys(schema);
    Map<String, ItemCatalogue.Item> items = new LinkedHashMap<>();
    try (SampleSource all = SampleFiles.sequential(conf, new Path(samples), schema, 0, 1)) {
      for (Sample sample = all.next(); sample != null; sample = all.next()) {
        for (Impression shown : sample.impressions()) {
          if (shown.label() == 1) {
            items.merge(
                shown.itemId(),
                new ItemCatalogue.Item(behaviorKeys.of(shown.itemKeys()), 1),
                (item, one) -> new ItemCatalogue.Item(item.keys(), item.clicks() + 1));
          }
        }
      }
    }
    return ItemCatalogue.of(List.copyOf(items.values()));
  }

  /** Bytes of the samples' files. */
  long sampleBytes(Configuration conf) throws IOException {
    Path directory = new Path(samples);
    return directory.getFileSystem(conf).getContentSummary(directory).getLength();
  }

  /** Floats of a picture's vector. */
  public int vectorLength(Configuration conf) throws IOException {
    return features.isEmpty() ? dimension : pictures(conf).dimension();
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
