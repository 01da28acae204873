package io.dicm.feature.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Makes a day's index name a wrong file, with a manifest that knows the index like that. */
public final class MisleadingIndex {
  private MisleadingIndex() {}

  /** Says of an image that its vector is in another file. */
  public static void write(
      Configuration conf, FeatureStore store, String date, String imageId, String otherFile)
      throws IOException {
    FeatureManifest manifest = store.manifest(date);
    SideFile index = manifest.indexes().get(0);
    Path file = FeatureManifest.resolve(store.partition(date), index.name());
    List<IndexEntry> entries = new ArrayList<>();
    IndexFile.read(
        conf,
        file,
        entry -> entries.add(entry.imageId().equals(imageId) ? entry.movedTo(otherFile) : entry));
    IndexFile.write(conf, file, entries);
    new FeatureManifest(
            manifest.formatVersion(),
            manifest.extractor(),
            manifest.createdAtMs(),
            manifest.inputDigest(),
            manifest.imageCount(),
            manifest.rejectedCount(),
            manifest.rejectedByReason(),
            manifest.files(),
            manifest.sum(),
            manifest.sumOfSquares(),
            List.of(SideFile.of(conf, file, index.name(), index.rows())),
            manifest.replaced(),
            manifest.limits())
        .write(conf, store.partition(date));
  }
}
