package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.key.Buckets;
import io.dicm.common.key.Fingerprints;
import io.dicm.common.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestExtractPlanner {
  private static final int VECTOR_BYTES = 3 * Float.BYTES;

  @TempDir Path folder;
  private Configuration conf;
  private Path images;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void configure() throws Exception {
    images = folder.resolve("input/images");
    conf = new Configuration();
    conf.set("mapreduce.framework.name", "local");
    conf.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    conf.set("mapreduce.cluster.local.dir", folder.resolve("local").toString());
    conf.set(DicmKeys.INPUT_PATH, folder.resolve("input").toUri().toString());
    conf.set(DicmKeys.WORKSPACE_PATH, folder.resolve("workspace").toUri().toString());
    conf.set(DicmKeys.RUN_DATE, "2026-03-01");
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 4);
    conf.setInt(DicmKeys.TRAIN_SERVERS, 3);
    ImageFiles.writeMany(images, 30);
  }

  @Test
  void tellsImagesTasksAndBytesOfBucketsAndServers() throws Exception {
    conf.setInt(DicmKeys.EXTRACT_IMAGES_PER_SPLIT, 5);

    ExtractPlan plan = new ExtractPlanner(conf).plan(2);

    assertThat(plan.images()).isEqualTo(30);
    assertThat(plan.imagesExact()).isTrue();
    assertThat(plan.newImages()).isEqualTo(30);
    assertThat(plan.mapTasks()).isEqualTo(6);
    assertThat(plan.concurrentMaps()).isEqualTo(2);
    assertThat(plan.vectorBytes()).isEqualTo(30 * VECTOR_BYTES);
    long[] expected = new long[3];
    for (int i = 0; i < 30; i++) {
      expected[Buckets.of(Fingerprints.imageKey("image-" + i)) % 3] += VECTOR_BYTES;
    }
    assertThat(plan.serverBytes()).isEqualTo(expected);
    assertThat(plan.largestBucketBytes()).isBetween((long) VECTOR_BYTES, 3L * VECTOR_BYTES);
    assertThat(plan.peakMemoryMb()).isEqualTo(2 * 2560);
    assertThat(plan.seconds())
        .as("three rounds, 30 images at 4 a second, the reducers")
        .isCloseTo(3 * 10 + 7.5 + 20, within(1e-9));
  }

  @Test
  void nothingIsNewAfterAnExtractionAndLittleAfterAChange() throws Exception {
    new ExtractJob(conf).run(ProgressListener.NONE);

    assertThat(new ExtractPlanner(conf).plan(2).newImages()).isZero();
    assertThat(new ExtractPlanner(conf).plan(2).seconds()).isZero();

    ImageFiles.writePlain(images.resolve("more/1.png"), java.awt.Color.RED, 4, 4);
    ImageFiles.writePlain(images.resolve("image-1.png"), java.awt.Color.RED, 4, 4);
    FileTime later = FileTime.fromMillis(System.currentTimeMillis() + 60_000);
    Files.setLastModifiedTime(images.resolve("more/1.png"), later);
    Files.setLastModifiedTime(images.resolve("image-1.png"), later);

    assertThat(new ExtractPlanner(conf).plan(2).newImages()).isEqualTo(2);
  }

  @Test
  void bucketsHaveImagesThatLeftTheCatalogueAndNotThoseReplacedOrForgotten() throws Exception {
    new ExtractJob(conf).run(ProgressListener.NONE);
    Files.delete(images.resolve("image-1.png"));
    ImageFiles.writePlain(images.resolve("image-2.png"), java.awt.Color.RED, 9, 9);
    ImageFiles.writePlain(images.resolve("new.png"), java.awt.Color.RED, 9, 9);
    Path list = Files.writeString(folder.resolve("forget.txt"), "image-3\n");
    conf.set(DicmKeys.FEATURES_TOMBSTONES, list.toUri().toString());
    long[] expected = new long[Buckets.COUNT];
    for (int i = 0; i < 30; i++) {
      expected[bucket("image-" + i)] += i == 3 ? 0 : VECTOR_BYTES;
    }
    expected[bucket("new")] += VECTOR_BYTES;

    ExtractPlan plan = new ExtractPlanner(conf).plan(2);

    assertThat(plan.bucketBytes()).isEqualTo(expected);
    assertThat(plan.newImages()).isEqualTo(2);
    assertThat(plan.masterHeapNeededMb()).isEqualTo(65);
  }

  private static int bucket(String imageId) {
    return Buckets.of(Fingerprints.imageKey(imageId));
  }
}
