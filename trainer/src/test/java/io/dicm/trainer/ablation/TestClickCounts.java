package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TestClickCounts {
  private static final long ENOUGH = 1 << 20;

  @Test
  void agreesWithTheFormulaByHand() throws IOException {
    ClickCounts counts = new ClickCounts(ENOUGH);
    add(counts, 5, 3, 4);
    add(counts, 6, 0, 2);
    add(counts, 7, 1, 2);
    // p = 4 / 8, so each picture has 15 clicks and 15 impressions without besides its own.
    double[] logits = {Math.log(18.0 / 16), Math.log(15.0 / 17), Math.log(16.0 / 16)};
    double mean = (logits[0] + logits[1] + logits[2]) / 3;
    double variance = 0;
    for (double logit : logits) {
      variance += (logit - mean) * (logit - mean) / 3;
    }
    Map<Long, Double> signals = signals(counts);
    assertThat(signals.keySet()).containsExactly(5L, 6L, 7L);
    int image = 0;
    for (double signal : signals.values()) {
      double expected = (logits[image++] - mean) / Math.sqrt(variance);
      assertThat(signal).isCloseTo(expected, within(1e-12));
    }
    assertThat(counts.impressions()).isEqualTo(8);
    assertThat(counts.clicks()).isEqualTo(4);
  }

  @Test
  void signalsOfManyPicturesHaveMeanZeroAndDeviationOne() throws IOException {
    ClickCounts counts = new ClickCounts(ENOUGH);
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 50_000; i++) {
      counts.add(1 + random.nextInt(5000), random.nextInt(4) == 0 ? 1 : 0);
    }
    double sum = 0;
    double squares = 0;
    Map<Long, Double> signals = signals(counts);
    for (double signal : signals.values()) {
      sum += signal;
      squares += signal * signal;
    }
    assertThat(signals).hasSize((int) counts.images());
    assertThat(sum / signals.size()).isCloseTo(0, within(1e-9));
    assertThat(squares / signals.size()).isCloseTo(1, within(1e-9));
  }

  @Test
  void whereAllIsClickedNothingTellsPicturesApart() throws IOException {
    ClickCounts counts = new ClickCounts(ENOUGH);
    add(counts, 5, 3, 3);
    add(counts, 6, 1, 1);
    assertThat(signals(counts).values()).containsOnly(0.0);
  }

  @Test
  void refusesMorePicturesThanThereIsRoomFor() {
    ClickCounts counts = new ClickCounts(2);
    counts.add(5, 1);
    counts.add(6, 0);
    counts.add(5, 0);
    assertThatThrownBy(() -> counts.add(7, 1))
        .hasMessageContaining("there are more than 2 shown pictures")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
  }

  private static void add(ClickCounts counts, long key, int clicks, int impressions) {
    for (int i = 0; i < impressions; i++) {
      counts.add(key, i < clicks ? 1 : 0);
    }
  }

  private static Map<Long, Double> signals(ClickCounts counts) throws IOException {
    Map<Long, Double> signals = new LinkedHashMap<>();
    counts.forEachSignal(signals::put);
    return signals;
  }
}
