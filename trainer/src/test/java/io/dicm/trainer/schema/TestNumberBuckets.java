package io.dicm.trainer.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.trainer.schema.NumberBuckets.Bounds;
import io.dicm.trainer.schema.NumberBuckets.Log;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestNumberBuckets {
  @ParameterizedTest
  @CsvSource({"-1e300, 0", "-0.01, 0", "0, 1", "4.99, 1", "5, 2", "9, 2", "10, 3", "1e300, 3"})
  void countsTheBoundsUpToTheNumber(double value, int bucket) {
    assertThat(new Bounds(List.of(0.0, 5.0, 10.0)).of(value)).isEqualTo(bucket);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, 0",
    "8.99, 0",
    "9, 1",
    "-8.99, 0",
    "-9, -1",
    "98, 1",
    "99, 2",
    "998, 2",
    "999, 3",
    "999999, 6",
    "1e15, 15",
    "-1e15, -15"
  })
  void growsWithTheLogarithmOnBothSidesOfZero(double value, int bucket) {
    assertThat(new Log(10).of(value)).isEqualTo(bucket);
  }

  @Test
  void endsForTheGreatestNumber() {
    assertThat(new Log(Log.LEAST_BASE).of(Double.MAX_VALUE)).isBetween(7_000, 7_500);
    assertThat(new Log(Log.LEAST_BASE).of(-Double.MAX_VALUE)).isBetween(-7_500, -7_000);
  }
}
