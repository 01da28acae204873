package io.dicm.feature.store;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Publishes days of a store as an extraction does, with vectors that are already in memory. */
final class SmallExtraction {
  private final Configuration conf;
  private final FeatureStore store;
  private final ExtractorDescription extractor;

  SmallExtraction(Configuration conf, FeatureStore store, ExtractorDescription extractor) {
    this.conf = conf;
    this.store = store;
    this.extractor = extractor;
  }

  /** A snapshot with more images, or other vectors of images that are there. */
  FeatureManifest publish(String date, Collection<FeatureRecord> images) throws IOException {
    return publish(date, images, List.of(), List.of());
  }

  /**
   * A snapshot of a day.
   *
   * @param images new or changed
   * @param absent images that the catalogue does not have any more
   * @param forgotten images that the store is to forget
   */
  FeatureManifest publish(
      String date,
      Collection<FeatureRecord> images,
      Collection<String> absent,
      Collection<String> forgotten)
      throws IOException {
    FeatureBase base = FeatureBase.load(conf, store, date, extractor, Verification.LENGTHS);
    try (DirectoryPublisher publisher = new DirectoryPublisher(conf, store.partition(date))) {
      FeatureUpdate update =
          new FeatureUpdate(conf, store, base, extractor, date, publisher.staging());
      if (!images.isEmpty()) {
        update.add(write(publisher.staging(), images), id -> new SourceFile(id + ".png", 7, 8));
      }
      absent.forEach(
          id ->
              base.find(id)
                  .filter(entry -> entry.absentSince().isEmpty())
                  .ifPresent(entry -> update.put(entry.absent(date))));
      forgotten.forEach(update::forget);
      return update.publish(publisher, "digest", "limits", Map.of());
    }
  }

  private WrittenFile write(Path staging, Collection<FeatureRecord> images) throws IOException {
    Path path = new Path(staging, ParquetTables.partName(0));
    List<FeatureRecord> sorted =
        images.stream().sorted((a, b) -> BucketOrder.compare(a.imageKey(), b.imageKey())).toList();
    try (FeatureStoreWriter writer = new FeatureStoreWriter(conf, path, extractor)) {
      for (FeatureRecord image : sorted) {
        writer.write(image);
      }
      return writer.finish();
    }
  }
}
