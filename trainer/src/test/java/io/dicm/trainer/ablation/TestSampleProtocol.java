package io.dicm.trainer.ablation;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestSampleProtocol {
  @ParameterizedTest
  @CsvSource({
    "time, user-fraction:0.8, 0.3, last-days:1, 0, last-days:3",
    "time, last-days:4, 0, last-days:4, 0, last-days:6",
    "user, last-days:4, 0, user-fraction:0.8, 0, user-fraction:0.4",
    "user, user-fraction:0.75, 0, user-fraction:0.75, 0, user-fraction:0.375",
    "item-holdout, last-days:2, 0, last-days:2, 0.2, last-days:4",
    "item-holdout, user-fraction:0.8, 0.1, user-fraction:0.8, 0.1, user-fraction:0.4"
  })
  void whatIsAskedForWinsAndTheRuleStaysWhereItIsOfItsKind(
      String asked, String split, String holdout, String rule, String share, String earlier) {
    SampleProtocol protocol = SampleProtocol.of(Protocol.of(asked), conf(split, holdout), 2);

    assertThat(protocol.protocol().label()).isEqualTo(asked);
    assertThat(protocol.settings())
        .containsEntry(DicmKeys.SAMPLES_SPLIT, rule)
        .containsEntry(DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION, share);
    assertThat(protocol.earlierSettings())
        .containsEntry(DicmKeys.SAMPLES_SPLIT, earlier)
        .containsEntry(DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION, share);
  }

  @Test
  void withoutOneTheConfigurationSaysWhichItIs() {
    assertThat(protocol("user-fraction:0.8", "0")).isEqualTo(Protocol.USER);
    assertThat(protocol("last-days:1", "0")).isEqualTo(Protocol.TIME);
    assertThat(protocol("last-days:1", "0.1")).isEqualTo(Protocol.ITEM_HOLDOUT);
    assertThat(Protocol.of("random")).isEmpty();
  }

  private static Protocol protocol(String split, String holdout) {
    return SampleProtocol.of(Optional.empty(), conf(split, holdout), 1).protocol();
  }

  private static DicmConfiguration conf(String split, String holdout) {
    Configuration conf = new Configuration(false);
    conf.set(DicmKeys.SAMPLES_SPLIT, split);
    conf.set(DicmKeys.SAMPLES_ITEM_HOLDOUT_FRACTION, holdout);
    return DicmConfiguration.of(conf);
  }
}
