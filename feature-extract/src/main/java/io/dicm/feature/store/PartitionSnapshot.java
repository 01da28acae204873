package io.dicm.feature.store;

import java.io.IOException;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A snapshot as a manifest describes it. Immutable. */
final class PartitionSnapshot implements FeatureSnapshot {
  private final Configuration conf;
  private final Path partition;
  private final FeatureManifest manifest;
  private final ReplacedRows replaced;

  PartitionSnapshot(
      Configuration conf, Path partition, FeatureManifest manifest, ReplacedRows replaced) {
    this.conf = conf;
    this.partition = partition;
    this.manifest = manifest;
    this.replaced = replaced;
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
    return parts().stream().mapToLong(file -> file.imageCount(bucket)).sum();
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
    for (FeaturePart file : parts()) {
      file.scan(bucket, consumer);
    }
  }

  @Override
  public void scanImages(LongPredicate imageKey, FeatureConsumer consumer) throws IOException {
    for (FeaturePart file : parts()) {
      file.scanImages(imageKey, consumer);
    }
  }

  @Override
  public void scanHashes(HashConsumer consumer) throws IOException {
    for (FeaturePart file : parts()) {
      file.scanHashes(consumer);
    }
  }

  /** The files. */
  @Override
  public List<FeaturePart> parts() {
    return manifest.files().stream()
        .<FeaturePart>map(
            file ->
                new PartitionFile(
                    conf,
                    partition,
                    manifest.extractor(),
                    file,
                    FeatureManifest.qualified(partition, file.name()),
                    replaced))
        .toList();
  }
}
