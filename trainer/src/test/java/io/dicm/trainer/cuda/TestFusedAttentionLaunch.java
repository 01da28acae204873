package io.dicm.trainer.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.cuda.LaunchShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestFusedAttentionLaunch {
  /** H100: 132 multiprocessors of 5, 4 and 3 blocks. */
  @ParameterizedTest
  @CsvSource({
    "0, 660, 1",
    "1, 660, 1",
    "4, 660, 1",
    "5, 660, 2",
    "2640, 660, 660",
    "2641, 660, 660",
    "60000, 528, 528",
    "2147483647, 396, 396"
  })
  void aWarpIsForOneThingUntilAllThatFitAreTaken(int things, int most, int blocks) {
    assertThat(FusedAttentionKernel.warps(things, most)).isEqualTo(LaunchShape.of(blocks, 128));
  }
}
