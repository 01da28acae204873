package io.dicm.ams.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dicm.ams.proto.TierQuestion;
import io.dicm.ams.tier.RandomTiers;
import io.dicm.ams.tier.TierRequest;
import io.dicm.ams.tier.TierSplit;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.junit.jupiter.api.Test;

class TestTierMessages {
  private static TierRequest request() {
    return TierSplit.of(RandomTiers.of(50, 40, image -> image * 7919 + 1, 1).request(8), 2).part(1);
  }

  @Test
  void aQuestionIsReadAsItWasWritten() {
    TierRequest written = request();
    TierRequest read = TierMessages.record(TierMessages.message(written));
    assertThat(read).usingRecursiveComparison().isEqualTo(written);
    assertThat(written.samples()).isGreaterThan(20);
    assertThat(TierMessages.impressions(TierMessages.message(written)))
        .isEqualTo(written.impressions() + written.samples());
  }

  @Test
  void smallNumbersAreOneByte() {
    int[] counts = {0, 1, 127, 128, 1 << 20};
    ByteString bytes = TierMessages.counts(counts);
    assertThat(bytes.size()).isEqualTo(1 + 1 + 1 + 2 + 3);
    assertThat(TierMessages.counts(bytes)).isEqualTo(counts);
  }

  @Test
  void whatIsNoQuestionIsRefused() {
    TierQuestion right = TierMessages.message(request());
    assertRefused(right.toBuilder().setTiers(1), "Cannot ask for tier histograms: tiers were 1");
    assertRefused(
        right.toBuilder().setBehaviors(ByteString.copyFrom(new byte[] {3, 0})),
        "Cannot read a question for tier histograms: its lists are cut.");
    assertRefused(
        right.toBuilder().setImpressions(ByteString.copyFrom(new byte[] {1, -1})),
        "Cannot read impressions: its bytes are no varints.");
    assertRefused(
        right.toBuilder().setAdImageKeys(ByteString.EMPTY),
        "Cannot ask for tier histograms: impressions have images that are none of the 0");
  }

  private static void assertRefused(TierQuestion.Builder question, String message) {
    assertThatThrownBy(() -> TierMessages.record(question.build()))
        .hasMessageStartingWith(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.INTERNAL);
  }
}
