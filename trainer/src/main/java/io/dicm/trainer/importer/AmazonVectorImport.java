package io.dicm.trainer.importer;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.parquet.ParquetTables;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.encode.ImportedVectorsProvider;
import io.dicm.feature.store.BucketOrder;
import io.dicm.feature.store.FeatureBase;
import io.dicm.feature.store.FeatureRecord;
import io.dicm.feature.store.FeatureStore;
import io.dicm.feature.store.FeatureStoreWriter;
import io.dicm.feature.store.FeatureUpdate;
import io.dicm.feature.store.SourceFile;
import io.dicm.feature.store.Verification;
import io.dicm.feature.store.WrittenFile;
import io.dicm.trainer.importer.AmazonSource.AmazonVectors;
import java.io.IOException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Puts published image features into the feature store, as vectors of an extractor of their own.
 * Only offsets are in memory; vectors are read in the store's order, one at a time. For one thread.
 */
final class AmazonVectorImport {
  private static final int PROGRESS_ROWS = 1000;

  private final Configuration conf;
  private final AmazonVectors vectors;
  private final ExtractorDescription extractor = ImportedVectorsProvider.AMAZON;

  AmazonVectorImport(Configuration conf, AmazonVectors vectors) {
    this.conf = conf;
    this.vectors = vectors;
  }

  /**
   * Publishes the day's snapshot with the vectors of some products.
   *
   * @return the products that have a vector
   * @throws DicmException as {@link AmazonImageFeatures}, {@link ErrorCode#INPUT_MISSING} when no
   *     product has a vector
   */
  Set<String> run(Set<String> items, ProgressListener progress) throws IOException {
    try (AmazonImageFeatures features = new AmazonImageFeatures(conf, vectors.file())) {
      Map<String, Long> offsets = features.offsets(items);
      if (offsets.isEmpty()) {
        throw new DicmException(
            ErrorCode.INPUT_MISSING,
            "Cannot import "
                + vectors.file()
                + ": it has no vector of an item of the log. Reviews and image features are of"
                + " different departments.");
      }
      publish(features, offsets, progress);
      return offsets.keySet();
    }
  }

  private void publish(
      AmazonImageFeatures features, Map<String, Long> offsets, ProgressListener progress)
      throws IOException {
    FeatureStore store =
        FeatureStore.open(conf, vectors.workspace().features(extractor.extractorId()));
    FeatureBase base =
        FeatureBase.load(conf, store, vectors.date(), extractor, Verification.LENGTHS);
    try (DirectoryPublisher publisher =
        new DirectoryPublisher(conf, store.partition(vectors.date()))) {
      Path staging = publisher.staging();
      FeatureUpdate update =
          new FeatureUpdate(conf, store, base, extractor, vectors.date(), staging);
      update.add(write(features, offsets, staging, progress), imageId -> SourceFile.UNKNOWN);
      update.publish(publisher, "", "", Map.of());
    }
  }

  private WrittenFile write(
      AmazonImageFeatures features,
      Map<String, Long> offsets,
      Path staging,
      ProgressListener progress)
      throws IOException {
    List<String> sorted =
        offsets.keySet().stream()
            .sorted(Comparator.comparing(Fingerprints::imageKey, BucketOrder::compare))
            .toList();
    long importedAtMs = System.currentTimeMillis();
    Path file = new Path(staging, ParquetTables.partName(0));
    try (FeatureStoreWriter writer = new FeatureStoreWriter(conf, file, extractor)) {
      int done = 0;
      for (String asin : sorted) {
        float[] vector = features.read(offsets.get(asin));
        String digest =
            HexFormat.of().formatHex(FileDigest.newSha256().digest(features.lastBytes()));
        writer.write(
            new FeatureRecord(
                asin, Fingerprints.imageKey(asin), digest, vector, 0, 0, importedAtMs));
        done++;
        if (done % PROGRESS_ROWS == 0) {
          progress.progress(done, sorted.size(), "vectors");
        }
      }
      return writer.finish();
    }
  }
}
