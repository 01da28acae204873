package io.dicm.app.plan;

import io.dicm.common.fs.DirectoryPublisher;
import io.dicm.common.key.Buckets;
import io.dicm.common.layout.Workspace;
import io.dicm.feature.encode.EncoderProviders;
import io.dicm.feature.encode.ExtractorDescription;
import io.dicm.feature.store.FeatureFile;
import io.dicm.feature.store.FeatureManifest;
import io.dicm.feature.store.WrittenFile;
import io.dicm.trainer.sample.SampleManifest;
import io.dicm.trainer.sample.SplitTotals;
import io.dicm.trainer.vocabulary.FieldStatistics;
import io.dicm.trainer.vocabulary.VocabularyStatistics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Manifests of stores of any size, without the data that they tell of. */
public record StoredManifests(Configuration conf, Workspace workspace) {
  /** A complete snapshot with so many images in each bucket. */
  public void vectors(String date, long imagesPerBucket) throws IOException {
    ExtractorDescription extractor = EncoderProviders.configured(conf).describe(conf);
    long[] rows = new long[Buckets.COUNT];
    java.util.Arrays.fill(rows, imagesPerBucket);
    FeatureFile file =
        FeatureFile.whole(
            "part-r-00000.parquet",
            imagesPerBucket * Buckets.COUNT,
            1,
            "",
            IntStream.range(0, Buckets.COUNT).toArray(),
            rows);
    double[] sums = new double[extractor.dimension()];
    Path partition = new Path(workspace.features(extractor.extractorId()), "dt=" + date);
    FeatureManifest.of(
            extractor, 0, "", Map.of(), List.of(new WrittenFile(file, sums, sums.clone())))
        .write(conf, partition);
    complete(partition);
  }

  /** Complete samples with so many IDs of a feature. */
  public void samples(String run, long impressions, long ids) throws IOException {
    Path samples = workspace.samples(run);
    new SampleManifest(
            SampleManifest.FORMAT_VERSION,
            "",
            "last-days:1",
            30,
            0,
            "",
            0,
            1,
            0,
            1,
            "",
            "",
            "",
            new SplitTotals(impressions, impressions, 1, 30 * impressions),
            new SplitTotals(1, 1, 1, 1),
            Map.of(),
            Map.of())
        .write(conf, samples);
    new VocabularyStatistics(
            List.of(
                new FieldStatistics(
                    "item_id", "items", ids, ids, ids, ids, true, 0, List.of(), List.of())))
        .write(conf, samples);
    Path train = new Path(samples, "train");
    train.getFileSystem(conf).mkdirs(train);
    complete(samples);
  }

  private void complete(Path directory) throws IOException {
    Path marker = new Path(directory, DirectoryPublisher.SUCCESS);
    marker.getFileSystem(conf).create(marker).close();
  }
}
