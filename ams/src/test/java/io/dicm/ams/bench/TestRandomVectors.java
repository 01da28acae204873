package io.dicm.ams.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.key.Buckets;
import io.dicm.feature.store.FeaturePart;
import io.dicm.feature.store.FeatureRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestRandomVectors {
  private static final int DIMENSION = 3;

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "5, 5", "64, 64", "1001, 64"})
  void partsOneAfterTheOtherGiveWhatAScanGives(int images, int parts) throws IOException {
    RandomVectors vectors = new RandomVectors(images, DIMENSION);
    assertThat(vectors.parts()).hasSize(parts);
    for (IntPredicate bucket :
        List.<IntPredicate>of(any -> true, some -> Buckets.serverOf(some, 3) == 1)) {
      List<String> scanned = rows(vectors, bucket);
      List<String> parted = new ArrayList<>();
      for (FeaturePart part : vectors.parts()) {
        List<String> ofPart = rows(part, bucket);
        assertThat(part.imageCount(bucket)).isEqualTo(ofPart.size());
        parted.addAll(ofPart);
      }
      assertThat(parted).isEqualTo(scanned).hasSize((int) vectors.imageCount(bucket));
    }
    assertThat(vectors.imageCount(any -> true)).isEqualTo(images);
  }

  @ParameterizedTest
  @CsvSource({"0", "17", "999"})
  void aVectorIsMadeFromItsKeyAlone(int number) throws IOException {
    SplittableRandom random = new SplittableRandom(RandomVectors.key(number));
    List<Float> expected = new ArrayList<>();
    for (int i = 0; i < DIMENSION; i++) {
      expected.add((float) random.nextDouble(-1, 1));
    }
    assertThat(rows(new RandomVectors(1000, DIMENSION), any -> true).get(number))
        .isEqualTo("bench-" + number + " " + RandomVectors.key(number) + " " + expected);
  }

  private static List<String> rows(FeaturePart part, IntPredicate bucket) throws IOException {
    List<String> rows = new ArrayList<>();
    part.scan(bucket, row -> rows.add(text(row)));
    return rows;
  }

  private static String text(FeatureRecord row) {
    List<Float> values = new ArrayList<>();
    for (float value : row.feature()) {
      values.add(value);
    }
    return row.imageId() + " " + row.imageKey() + " " + values;
  }
}
