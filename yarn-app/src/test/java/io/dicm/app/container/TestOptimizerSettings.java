package io.dicm.app.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.server.WeightOptimizer;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TestOptimizerSettings {
  private Configuration conf;

  @BeforeEach
  void defaults() {
    DicmConfiguration.registerDefaults();
    conf = new Configuration();
  }

  @Test
  void embeddingsAndNetworksHaveAdamAtOneRate() {
    assertThat(options().networks()).isEqualTo(new Adam());
    assertThat(options().ids()).isEqualTo(new Adam());
    assertThat(options().idRateRatio()).isOne();
    assertThat(options().weights()).isEmpty();
  }

  @Test
  void idsMayLearnFasterThanNetworks() {
    conf.set(DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO, "10");
    assertThat(options().idRateRatio()).isEqualTo(10);

    conf.set(DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO, "0");
    refused("dicm.train.id-learning-rate-ratio: was '0'");
  }

  @Test
  void weightsOfIdsHaveAnOptimizerOfTheirOwn() {
    conf.set(DicmKeys.MODEL_NETWORK, "lr");
    assertThat(options().weights()).contains(new WeightOptimizer(new Adam(), 10));

    conf.set(DicmKeys.TRAIN_WEIGHT_OPTIMIZER, "ftrl");
    conf.set(DicmKeys.TRAIN_WEIGHT_LEARNING_RATE_RATIO, "4");
    conf.set(DicmKeys.TRAIN_WEIGHT_L1, "0.5");
    conf.set(DicmKeys.TRAIN_WEIGHT_L2, "0.25");
    assertThat(options().weights()).contains(new WeightOptimizer(new Ftrl(0.5f, 0.25f), 4));
    assertThat(options().ids()).isEqualTo(new Adam());

    conf.set(DicmKeys.TRAIN_WEIGHT_OPTIMIZER, "momentum");
    refused("dicm.train.weight-optimizer: was 'momentum'");
  }

  /** FTRL with L1 on the wide part, AdaGrad on the deep one; all of it can be told otherwise. */
  @Test
  void wideAndDeepIsTrainedAsItsPaperSays() {
    conf.set(DicmKeys.MODEL_NETWORK, "wide-deep");
    OptimizerOptions usual = options();
    assertThat(usual.networks()).isEqualTo(new Adagrad());
    assertThat(usual.ids()).isEqualTo(new Adagrad());
    assertThat(usual.weights().orElseThrow().optimizer())
        .isInstanceOfSatisfying(Ftrl.class, ftrl -> assertThat(ftrl.l1()).isPositive());
    assertThat(usual.learningRate().initial()).isGreaterThan(0.001f);

    conf.set(DicmKeys.TRAIN_NETWORK_OPTIMIZER, "adam");
    conf.set(DicmKeys.TRAIN_NETWORK_LEARNING_RATE_RATIO, "2");
    conf.set(DicmKeys.TRAIN_ID_OPTIMIZER, "sgd");
    conf.set(DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO, "6");
    assertThat(options().networks()).isEqualTo(new Adam());
    assertThat(options().learningRate().initial()).isCloseTo(0.002f, within(1e-9f));
    // Both by dicm.train.learning-rate.
    assertThat(options().idRateRatio()).isEqualTo(3);
  }

  @Test
  void whatHasNoEffectIsRefused() {
    conf.set(DicmKeys.TRAIN_WEIGHT_L1, "0.1");
    refused(
        "Cannot use dicm.train.weight-l1=0.1 with dicm.model.network=embedding-mlp: only lr, fnn"
            + " and wide-deep have weights of IDs.");

    conf.set(DicmKeys.MODEL_NETWORK, "fnn");
    refused("Cannot use dicm.train.weight-l1=0.1 with the optimiser adam of IDs' weights");
  }

  @Test
  void networksMayHaveAdagrad() {
    conf.set(DicmKeys.TRAIN_NETWORK_OPTIMIZER, "adagrad");
    assertThat(options().networks()).isEqualTo(new Adagrad());
    assertThat(options().ids()).isEqualTo(new Adam());

    conf.set(DicmKeys.TRAIN_NETWORK_OPTIMIZER, "ftrl");
    refused("dicm.train.network-optimizer: was 'ftrl'");
  }

  private OptimizerOptions options() {
    return OptimizerSettings.of(DicmConfiguration.of(conf));
  }

  private void refused(String message) {
    assertThatThrownBy(this::options)
        .hasMessageContaining(message)
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }
}
