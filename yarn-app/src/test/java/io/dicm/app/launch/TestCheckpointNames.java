package io.dicm.app.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TestCheckpointNames {
  @Test
  void namesSortAsSteps() {
    List<String> names = Stream.of(7L, 12_000L, 999_999_999_999L).map(CheckpointNames::of).toList();

    assertThat(names)
        .containsExactly("step=000000000007", "step=000000012000", "step=999999999999")
        .isSorted();
    assertThat(names.stream().map(CheckpointNames::steps).mapToLong(s -> s.orElseThrow()))
        .containsExactly(7L, 12_000L, 999_999_999_999L);
  }

  @Test
  void otherNamesAreNoCheckpoints() {
    assertThat(
            Stream.of("_staging-epoch=1", "step=7", "step=", "xstep=000000000007", "origin.json")
                .map(CheckpointNames::steps))
        .allMatch(steps -> steps.isEmpty());
  }
}
