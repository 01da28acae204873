package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.config.DicmConfiguration;
import io.dicm.trainer.network.Objective;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestTrainingOptions {
  /** A training of one objective is in its first phase, as those of older checkpoints were. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, WHOLE, 0",
    "2, 0, IMAGE_BRANCH, 0",
    "2, 0, WHOLE, 1",
    "0, 0.2, PRETRAINING, 0",
    "0, 0.2, WHOLE, 1",
    "2, 0.2, IMAGE_BRANCH, 0",
    "2, 0.2, PRETRAINING, 1",
    "2, 0.2, WHOLE, 2"
  })
  void phasesFollowOneAnother(
      int imageEpochs, double pretrainFraction, Objective objective, int phase) {
    TrainingOptions options =
        new TrainingOptions(0, 1, 8, 3, 1, 1, 100, imageEpochs, pretrainFraction);
    assertThat(options.phase(objective)).isEqualTo(phase);
  }

  /** docs/models.md says why so little. */
  @ParameterizedTest
  @CsvSource({"fnn, 0.05", "embedding-mlp, 0"})
  void onlyFnnIsPretrainedAndForATwentieth(String network, double fraction) {
    Configuration conf = new Configuration(false);
    conf.addResource("dicm-default.xml");
    conf.set("dicm.model.network", network);
    assertThat(TrainingOptions.of(DicmConfiguration.of(conf), 0, 1, 100).pretrainFraction())
        .isEqualTo(fraction);
  }
}
