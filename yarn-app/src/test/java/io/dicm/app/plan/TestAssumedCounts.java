package io.dicm.app.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestAssumedCounts {
  @ParameterizedTest
  @CsvSource({
    "images,             '',    'images'' is needed'",
    "images,             0,     'images was ''0'', allowed is a number from 1 to'",
    "images,             many,  'images was ''many'''",
    "unique-image-ratio, 1.5,   'unique-image-ratio was ''1.5'''",
    "nodes,              10001, 'nodes was ''10001'', allowed is a number from 1 to 10000'",
    "image,              5,     'there is no count ''image''; known are images, samples'"
  })
  void wrongCountIsNamed(String name, String value, String message) {
    Map<String, String> given = new java.util.HashMap<>(Map.of("images", "10", "samples", "100"));
    if (value.isEmpty()) {
      given.remove(name);
    } else {
      given.put(name, value);
    }

    assertThatThrownBy(() -> AssumedCounts.of(given))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.USAGE);
  }

  /** Drawing as many as there are leaves 1 - 1/e of them. */
  @Test
  void withoutARatioImagesAreDrawnEvenly() {
    AssumedCounts counts =
        AssumedCounts.of(
            Map.of(
                "images",
                "1000000",
                "samples",
                "1e9",
                "nodes",
                "1",
                "batch-size",
                "1000",
                "images-per-sample",
                "1000"));

    assertThat(counts.uniqueImagesOfBatch())
        .isCloseTo(1e6 * (1 - Math.exp(-1)), withinPercentage(0.001));
  }

  @Test
  void aBatchHasNoMoreImagesThanThereAre() {
    AssumedCounts counts =
        AssumedCounts.of(Map.of("images", "500", "samples", "1e9", "unique-image-ratio", "1"));

    assertThat(counts.uniqueImagesOfBatch()).isEqualTo(500);
  }

  @Test
  void vectorsAreSpreadOverTheServers() {
    AssumedCounts counts = AssumedCounts.of(Map.of("images", "100003", "samples", "1"));

    assertThat(counts.vectors().images()).isEqualTo(100_003);
    for (long images : counts.vectors().ofServers(7)) {
      assertThat((double) images).isCloseTo(100_003 / 7.0, withinPercentage(1));
    }
  }
}
