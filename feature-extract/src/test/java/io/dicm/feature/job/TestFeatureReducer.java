package io.dicm.feature.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import io.dicm.feature.decode.RejectedImage;
import io.dicm.feature.decode.RejectionReason;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.io.NullWritable;
import org.apache.hadoop.mrunit.mapreduce.ReduceDriver;
import org.junit.jupiter.api.Test;

class TestFeatureReducer {
  private final ReduceDriver<ImageKey, ExtractedImage, NullWritable, ExtractedImage> driver =
      ReduceDriver.newReduceDriver(new FeatureReducer());

  @Test
  void letsVectorsAndRejectionsThrough() throws IOException {
    ExtractedImage rejected =
        ExtractedImage.rejected(
            "b", "b.png", new RejectedImage(RejectionReason.EMPTY, "the file has no bytes"));
    driver
        .withInput(new ImageKey(5), List.of(image("a", 5)))
        .withInput(new ImageKey(9), List.of(rejected));

    List<ExtractedImage> output = driver.run().stream().map(pair -> pair.getSecond()).toList();

    assertThat(output.get(0).feature().orElseThrow())
        .usingRecursiveComparison()
        .isEqualTo(image("a", 5).feature().orElseThrow());
    assertThat(output.get(1).rejection()).isEqualTo(rejected.rejection());
    assertThat(output.get(1).feature()).isEmpty();
  }

  @Test
  void twoImagesOfOneKeyAreAnError() {
    driver.withInput(new ImageKey(5), List.of(image("a", 5), image("b", 5)));

    assertThatThrownBy(driver::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IMAGE_KEY_COLLISION))
        .hasMessage("Cannot store images a and b: both have the image key 5. Rename one of them.");
  }

  @Test
  void oneImageTwiceIsAnError() {
    driver.withInput(new ImageKey(5), List.of(image("a", 5), image("a", 5)));

    assertThatThrownBy(driver::run)
        .isInstanceOfSatisfying(
            DicmException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INPUT_INVALID))
        .hasMessageContaining("image a: it came twice");
  }

  @Test
  void aBucketGoesToTheReducerOfItsServer() {
    BucketPartitioner partitioner = new BucketPartitioner();
    Random random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      long key = random.nextLong();
      assertThat(partitioner.getPartition(new ImageKey(key), image("a", key), 7))
          .isEqualTo(Buckets.of(key) % 7);
    }
  }

  @Test
  void keysAreSortedByBucketFirst() {
    ImageKey low = new ImageKey(1L << 40 | 3);
    ImageKey high = new ImageKey(4);

    assertThat(low).isLessThan(high);
    assertThat(new ImageKey(3)).isLessThan(low);
    assertThat(new ImageKey(-1L << 20 | 3)).isLessThan(low).isNotEqualTo(low);
  }

  private static ExtractedImage image(String id, long key) {
    return ExtractedImage.of(
        id + ".png",
        new FeatureRecord(
            id, key, "digest", new float[] {1f, -2.5f, 0f}, 3, 4, 1234567890123L, -5L));
  }
}
