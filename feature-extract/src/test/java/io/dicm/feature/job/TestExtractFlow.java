package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.key.Buckets;
import io.dicm.feature.encode.MeanColorEncoderProvider;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mrunit.mapreduce.MapDriver;
import org.apache.hadoop.mrunit.mapreduce.ReduceDriver;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mapper, partitioner and reducer behind one another, each driven by MRUnit. */
class TestExtractFlow {
  private static final int IMAGES = 40;
  private static final int REDUCERS = 3;

  @TempDir Path folder;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @Test
  void everyImageComesOutOfTheReducerOfItsBucketSorted() throws Exception {
    BucketPartitioner partitioner = new BucketPartitioner();
    Map<Integer, TreeMap<ImageKey, List<ExtractedImage>>> shuffle = new TreeMap<>();
    for (Pair<ImageKey, ExtractedImage> output : map()) {
      int partition = partitioner.getPartition(output.getFirst(), output.getSecond(), REDUCERS);
      assertThat(partition).isEqualTo(Buckets.of(output.getFirst().value()) % REDUCERS);
      shuffle
          .computeIfAbsent(partition, p -> new TreeMap<>())
          .computeIfAbsent(output.getFirst(), key -> new ArrayList<>())
          .add(output.getSecond());
    }

    List<String> imageIds = new ArrayList<>();
    for (TreeMap<ImageKey, List<ExtractedImage>> partition : shuffle.values()) {
      ReduceDriver<ImageKey, ExtractedImage, NullWritable, ExtractedImage> driver =
          ReduceDriver.newReduceDriver(new FeatureReducer());
      partition.forEach(driver::withInput);
      driver.run().forEach(pair -> imageIds.add(pair.getSecond().imageId()));
    }

    assertThat(shuffle).hasSize(REDUCERS);
    assertThat(imageIds).doesNotHaveDuplicates().hasSize(IMAGES).contains("image-0", "bad");
  }

  private List<Pair<ImageKey, ExtractedImage>> map() throws Exception {
    MapDriver<NullWritable, InputImage, ImageKey, ExtractedImage> driver =
        MapDriver.newMapDriver(new ExtractMapper());
    driver.getConfiguration().set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    driver.getConfiguration().setInt(DicmKeys.EXTRACT_BATCH_SIZE, 7);
    TaskSettings.setExtractor(
        driver.getConfiguration(),
        new MeanColorEncoderProvider().describe(driver.getConfiguration()));
    for (int i = 0; i < IMAGES - 1; i++) {
      Path file = folder.resolve("image.png");
      ImageFiles.writePlain(file, new Color(i, 0, 0), 5, 5);
      driver.withInput(
          NullWritable.get(),
          InputImage.of("image-" + i, "image-" + i + ".png", Files.readAllBytes(file)));
    }
    driver.withInput(NullWritable.get(), InputImage.of("bad", "bad.jpg", new byte[] {1}));
    List<Pair<ImageKey, ExtractedImage>> output = driver.run();
    assertThat(driver.getCounters().findCounter(ExtractCounter.IMAGES_DECODED).getValue())
        .isEqualTo(IMAGES - 1);
    return output;
  }
}
