package io.dicm.feature.store;

import io.dicm.common.key.Buckets;
import java.io.IOException;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A snapshot that is one complete partition. Immutable. */
final class PartitionSnapshot implements FeatureSnapshot {
  private final Configuration conf;
  private final Path partition;
  private final FeatureManifest manifest;

  PartitionSnapshot(Configuration conf, Path partition, FeatureManifest manifest) {
    this.conf = conf;
    this.partition = partition;
    this.manifest = manifest;
  }

  @Override
  public String extractorId() {
    return manifest.extractor().extractorId();
  }

  @Override
  public int dimension() {
    return manifest.extractor().dimension();
  }

  @Override
  public long imageCount(IntPredicate bucket) {
    return manifest.files().stream().mapToLong(file -> file.rowsOf(bucket)).sum();
  }

  @Override
  public float[] mean() {
    return manifest.moments().mean();
  }

  @Override
  public float[] standardDeviation() {
    return manifest.moments().standardDeviation();
  }

  @Override
  public void scan(IntPredicate bucket, FeatureConsumer consumer) throws IOException {
    for (FeatureFile file : manifest.files()) {
      if (file.holdsAny(bucket)) {
        scan(file, bucket, consumer);
      }
    }
  }

  private void scan(FeatureFile file, IntPredicate wanted, FeatureConsumer consumer)
      throws IOException {
    Path path = new Path(partition, file.name());
    long[] seen = new long[Buckets.COUNT];
    try (FeatureFileReader reader =
        FeatureFileReader.open(conf, path, file, manifest.extractor())) {
      while (reader.next()) {
        int bucket = Buckets.of(reader.imageKey());
        if (wanted.test(bucket)) {
          consumer.accept(reader.read());
          seen[bucket]++;
        } else {
          reader.skip();
        }
      }
    }
    for (int i = 0; i < file.buckets().length; i++) {
      int bucket = file.buckets()[i];
      if (wanted.test(bucket) && seen[bucket] != file.bucketRows()[i]) {
        throw FeatureFileReader.corrupt(
            path,
            "bucket "
                + bucket
                + " has "
                + seen[bucket]
                + " images, the manifest says "
                + file.bucketRows()[i],
            null);
      }
    }
  }
}
