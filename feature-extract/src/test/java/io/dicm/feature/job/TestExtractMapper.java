package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.fs.FileDigest;
import io.dicm.common.key.Fingerprints;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.encode.MeanColorEncoderProvider;
import io.dicm.feature.store.FeatureRecord;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mrunit.mapreduce.MapDriver;
import org.apache.hadoop.mrunit.types.Pair;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestExtractMapper {
  private static final RejectedImage TOO_LARGE =
      new RejectedImage(RejectionReason.TOO_LARGE, "99 bytes, allowed 10");

  @TempDir Path folder;
  private MapDriver<NullWritable, InputImage, ImageKey, ExtractedImage> driver;

  @BeforeAll
  static void registerDefaults() {
    DicmConfiguration.registerDefaults();
  }

  @BeforeEach
  void drive() throws IOException {
    driver = MapDriver.newMapDriver(new ExtractMapper());
    Configuration conf = driver.getConfiguration();
    conf.set(DicmKeys.EXTRACT_ENCODER, "mean-color");
    conf.setInt(DicmKeys.EXTRACT_BATCH_SIZE, 2);
    TaskSettings.setExtractor(conf, new MeanColorEncoderProvider().describe(conf));
  }

  @Test
  void computesFullBatchesAndTheRest() throws IOException {
    for (int i = 0; i < 5; i++) {
      driver.withInput(NullWritable.get(), image("image-" + i, new Color(50 * i, 0, 0)));
    }

    List<Pair<ImageKey, ExtractedImage>> output = driver.run();

    assertThat(output)
        .extracting(pair -> pair.getSecond().imageId())
        .containsExactly("image-0", "image-1", "image-2", "image-3", "image-4");
    for (int i = 0; i < 5; i++) {
      FeatureRecord feature = output.get(i).getSecond().feature().orElseThrow();
      assertThat(output.get(i).getFirst().value())
          .isEqualTo(Fingerprints.imageKey("image-" + i))
          .isEqualTo(feature.imageKey());
      assertThat(feature.feature()[0] * 0.229f + 0.485f)
          .isCloseTo(50 * i / 255f, org.assertj.core.api.Assertions.within(1e-4f));
    }
    assertThat(counter(ExtractCounter.BATCHES)).isEqualTo(3);
    assertThat(counter(ExtractCounter.IMAGES_ENCODED)).isEqualTo(5);
  }

  @Test
  void keepsSizeAndDigestOfTheFile() throws IOException {
    InputImage image = image("a", Color.BLUE);
    driver.withInput(NullWritable.get(), image);

    FeatureRecord feature = driver.run().get(0).getSecond().feature().orElseThrow();

    assertThat(feature.width()).isEqualTo(20);
    assertThat(feature.height()).isEqualTo(10);
    assertThat(feature.contentDigest()).isEqualTo(FileDigest.sha256(image.bytes()));
  }

  @Test
  void passesRejectionsOnAndCountsThem() throws IOException {
    driver
        .withInput(NullWritable.get(), InputImage.of("bad", "dir/bad.jpg", new byte[] {1, 2, 3}))
        .withInput(NullWritable.get(), InputImage.rejected("big", "dir/big.jpg", TOO_LARGE));

    List<Pair<ImageKey, ExtractedImage>> output = driver.run();

    assertThat(output.get(0).getSecond().rejection().orElseThrow().reason())
        .isEqualTo(RejectionReason.UNSUPPORTED);
    assertThat(output.get(1).getSecond().rejection()).contains(TOO_LARGE);
    assertThat(output.get(1).getSecond().path()).isEqualTo("dir/big.jpg");
    assertThat(
            driver.getCounters().findCounter(ExtractCounter.REJECTED_GROUP, "TOO_LARGE").getValue())
        .isEqualTo(1);
  }

  private long counter(ExtractCounter counter) {
    return driver.getCounters().findCounter(counter).getValue();
  }

  private InputImage image(String id, Color color) throws IOException {
    Path file = folder.resolve(id + ".png");
    ImageFiles.writePlain(file, color, 20, 10);
    return InputImage.of(id, file.toString(), Files.readAllBytes(file));
  }
}
