package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.trainer.samplejob.SplitRule.LastDays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestSplitRule {

  /** 0.57 * 100 is 56.99999999999999 in binary floating point. */
  @ParameterizedTest
  @CsvSource({"0.8, 5, 4", "0.8, 9, 7", "0.8, 1, 0", "0.57, 100, 57", "0.99, 3, 2", "0.01, 3, 0"})
  void userFractionTakesTheFirstOnes(String fraction, int total, int training) {
    SplitRule rule = SplitRule.parse("user-fraction:" + fraction);

    for (int rank = 0; rank < total; rank++) {
      assertThat(rule.split(rank, total, 0))
          .isEqualTo(rank < training ? SampleSplit.TRAIN : SampleSplit.TEST);
    }
  }

  @Test
  void lastDaysAreWholeDays() {
    SplitRule rule = ((LastDays) SplitRule.parse("last-days:2")).until(10 * 86_400 + 5);

    assertThat(rule.split(0, 1, 9 * 86_400 - 1)).isEqualTo(SampleSplit.TRAIN);
    assertThat(rule.split(0, 1, 9 * 86_400)).isEqualTo(SampleSplit.TEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0.8",
        "user-fraction:1.1",
        "user-fraction:-1",
        "last-days:0",
        "x",
        "user-fraction:."
      })
  void refusesOtherTexts(String text) {
    assertRefused(text);
  }

  /** Without training samples there is no model, without test samples no prediction. */
  @ParameterizedTest
  @ValueSource(
      strings = {"user-fraction:1", "user-fraction:1.0", "user-fraction:0", "user-fraction:0.00"})
  void refusesARuleThatLeavesASplitEmpty(String text) {
    assertRefused(text);
  }

  private static void assertRefused(String text) {
    assertThatThrownBy(() -> SplitRule.parse(text))
        .hasMessageContaining("dicm.samples.split: was '" + text + "'")
        .hasMessageContaining("allowed is user-fraction:F with F above 0 and below 1")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }
}
