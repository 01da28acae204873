package io.dicm.feature.store;

import io.dicm.common.key.Buckets;
import io.dicm.feature.encode.ExtractorDescription;
import java.io.IOException;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * One file of a partition, opened only when it has wanted images.
 *
 * @param file what the manifest says about it
 * @param name its name relative to the extractor's directory
 * @param replaced rows that are not part of the snapshot
 */
record PartitionFile(
    Configuration conf,
    Path partition,
    ExtractorDescription extractor,
    FeatureFile file,
    String name,
    ReplacedRows replaced)
    implements FeaturePart {
  @Override
  public long imageCount(IntPredicate bucket) {
    return file.rowsOf(bucket);
  }

  @Override
  public void scan(IntPredicate bucket, FeatureConsumer consumer) throws IOException {
    if (!file.holdsAny(bucket)) {
      return;
    }
    Path path = FeatureManifest.resolve(partition, file.name());
    long[] seen = new long[Buckets.COUNT];
    long[] passedOver = new long[Buckets.COUNT];
    try (FeatureFileReader reader = FeatureFileReader.open(conf, path, file, extractor)) {
      while (reader.next()) {
        int of = Buckets.of(reader.imageKey());
        if (!bucket.test(of)) {
          reader.skip();
        } else if (replaced.contains(name, reader.imageKey())) {
          reader.skip();
          passedOver[of]++;
          seen[of]++;
        } else {
          consumer.accept(reader.read());
          seen[of]++;
        }
      }
    }
    checkAllSeen(path, bucket, seen, file.bucketRows(), "images");
    checkAllSeen(path, bucket, passedOver, file.bucketReplaced(), "replaced images");
  }

  @Override
  public void scanImages(LongPredicate imageKey, FeatureConsumer consumer) throws IOException {
    Path path = FeatureManifest.resolve(partition, file.name());
    try (FeatureFileReader reader = FeatureFileReader.open(conf, path, file, extractor)) {
      while (reader.next()) {
        if (imageKey.test(reader.imageKey()) && !replaced.contains(name, reader.imageKey())) {
          consumer.accept(reader.read());
        } else {
          reader.skip();
        }
      }
    }
  }

  @Override
  public void scanHashes(HashConsumer consumer) throws IOException {
    Path path = FeatureManifest.resolve(partition, file.name());
    try (HashFileReader reader = HashFileReader.open(conf, path, file, extractor)) {
      reader.read(
          (imageId, imageKey, hash) -> {
            if (!replaced.contains(name, imageKey)) {
              consumer.accept(imageId, imageKey, hash);
            }
          });
    }
  }

  private void checkAllSeen(
      Path path, IntPredicate wanted, long[] seen, long[] expected, String what) {
    for (int i = 0; i < file.buckets().length; i++) {
      int bucket = file.buckets()[i];
      if (wanted.test(bucket) && seen[bucket] != expected[i]) {
        throw FeatureFileReader.corrupt(
            path,
            "bucket "
                + bucket
                + " has "
                + seen[bucket]
                + " "
                + what
                + ", the manifest says "
                + expected[i],
            null);
      }
    }
  }
}
