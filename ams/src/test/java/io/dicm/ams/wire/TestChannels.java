package io.dicm.ams.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestChannels {
  @ParameterizedTest
  @CsvSource({"64, 16", "460, 57", "1024, 128", "65536, 256"})
  void aServersLargestMessageFollowsItsHeap(long heapMb, int limitMb) {
    assertThat(Channels.serverLimitBytes(heapMb << 20) >> 20).isEqualTo(limitMb);
  }
}
