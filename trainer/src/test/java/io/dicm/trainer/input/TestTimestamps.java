package io.dicm.trainer.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestTimestamps {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1714521600, 1714521600",
    "2024-05-01, 1714521600",
    "2024-05-01T00:00:00Z, 1714521600",
    "2024-05-01T00:00:00, 1714521600",
    "2024-05-01 00:00:01, 1714521601",
    "2024-05-01T00:00:00.999Z, 1714521600",
    "2024-05-01T02:00:00+02:00, 1714521600"
  })
  void readsEpochSecondsAndIso8601(String text, long seconds) throws BadRowException {
    assertThat(Timestamps.parseSeconds(text)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-1", "1714521600000", "2024-13-01", "1969-12-31", "1e9", "1.5"})
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> Timestamps.parseSeconds(text))
        .isInstanceOf(BadRowException.class)
        .hasMessageContaining("'" + text + "'")
        .extracting(e -> ((BadRowException) e).problem())
        .isEqualTo(RowProblem.BAD_TIMESTAMP);
  }
}
