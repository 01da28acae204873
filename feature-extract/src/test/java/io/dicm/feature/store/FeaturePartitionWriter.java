package io.dicm.feature.store;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.key.Buckets;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Publishes a small partition of vectors that are already in memory. */
public final class FeaturePartitionWriter {
  private final Configuration conf;
  private final ExtractorDescription extractor;

  public FeaturePartitionWriter(Configuration conf, ExtractorDescription extractor) {
    this.conf = conf;
    this.extractor = extractor;
  }

  /**
   * Writes and publishes a partition, replacing an earlier one.
   *
   * @param partition {@code FeatureStore.partition(date)}
   * @param images in any order; sorted here
   * @param files number of Parquet files; a file takes the buckets that are equal modulo it
   */
  public void publish(Path partition, List<FeatureRecord> images, int files) throws IOException {
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, partition)) {
      List<WrittenFile> written = new ArrayList<>();
      for (int file = 0; file < files; file++) {
        written.add(write(publisher.staging(), images, file, files));
      }
      FeatureManifest.of(extractor, System.currentTimeMillis(), "", Map.of(), written)
          .write(conf, publisher.staging());
      publisher.publish();
    }
  }

  private WrittenFile write(Path directory, List<FeatureRecord> images, int file, int files)
      throws IOException {
    Path path = new Path(directory, ParquetTables.partName(file));
    List<FeatureRecord> sorted =
        images.stream()
            .filter(image -> Buckets.of(image.imageKey()) % files == file)
            .sorted((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey()))
            .toList();
    try (FeatureStoreWriter writer = new FeatureStoreWriter(conf, path, extractor)) {
      for (FeatureRecord image : sorted) {
        writer.write(image);
      }
      return writer.finish();
    }
  }
}
