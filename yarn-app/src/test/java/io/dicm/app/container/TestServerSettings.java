package io.dicm.app.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.WeightOptimizer;
import io.dicm.app.launch.ContainerMemory;
import io.dicm.app.launch.ContainerSettings;
import io.dicm.common.config.DicmConfiguration;
import io.dicm.common.config.DicmKeys;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

class TestServerSettings {
  private static final long MIB = 1 << 20;

  private final Configuration conf = new Configuration(false);

  TestServerSettings() {
    conf.addResource("dicm-default.xml");
  }

  private AmsServerOptions options() {
    return ServerSettings.of(DicmConfiguration.of(conf), 0, 2, 2, 1, "localhost");
  }

  @Test
  void vectorsAndEmbeddingsShareWhatTheHeapLeavesAndLeaveRoom() {
    for (int totalMb : new int[] {512, 1536, 16_384}) {
      conf.setInt(DicmKeys.YARN_SERVER_MEMORY_MB, totalMb);
      ContainerMemory memory =
          ContainerSettings.memory(
              DicmConfiguration.of(conf), "server", DicmKeys.YARN_SERVER_MEMORY_MB);
      long vectors = options().memoryLimitBytes();
      long embeddings = options().embeddings().memoryLimitBytes();
      assertThat(vectors).isBetween((long) (0.35 * totalMb * MIB), (long) (0.37 * totalMb * MIB));
      assertThat(embeddings).isBetween((long) (0.1 * totalMb * MIB), (long) (0.11 * totalMb * MIB));
      assertThat(memory.heapMb() * MIB + vectors + embeddings)
          .isLessThanOrEqualTo((long) (0.77 * totalMb * MIB));
    }
  }

  @Test
  void idsMayLearnFasterThanNetworks() {
    assertThat(options().optimizers().idRateRatio()).isOne();
    conf.set(DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO, "10");
    assertThat(options().optimizers().idRateRatio()).isEqualTo(10);

    conf.set(DicmKeys.TRAIN_ID_LEARNING_RATE_RATIO, "0");
    assertThatThrownBy(this::options)
        .hasMessageContaining("dicm.train.id-learning-rate-ratio: was '0'")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void weightsOfIdsHaveAnOptimizerOfTheirOwn() {
    DicmConfiguration read = DicmConfiguration.of(conf);
    assertThat(ServerSettings.weights(read)).isEqualTo(new WeightOptimizer(new Adam(), 1));
    // No network has any yet.
    assertThat(options().rowColumns().weights()).isZero();
    assertThat(options().optimizers().weights()).isEmpty();

    conf.set(DicmKeys.TRAIN_WEIGHT_OPTIMIZER, "ftrl");
    conf.set(DicmKeys.TRAIN_WEIGHT_LEARNING_RATE_RATIO, "4");
    conf.set(DicmKeys.TRAIN_WEIGHT_L1, "0.5");
    conf.set(DicmKeys.TRAIN_WEIGHT_L2, "0.25");
    assertThat(ServerSettings.weights(read))
        .isEqualTo(new WeightOptimizer(new Ftrl(0.5f, 0.25f), 4));
    assertThat(options().optimizers().ids()).isEqualTo(new Adam());

    conf.set(DicmKeys.TRAIN_WEIGHT_OPTIMIZER, "momentum");
    assertThatThrownBy(this::options)
        .hasMessageContaining("dicm.train.weight-optimizer: was 'momentum'")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void networksMayHaveAdagrad() {
    assertThat(options().optimizers().networks()).isEqualTo(new Adam());
    conf.set(DicmKeys.TRAIN_NETWORK_OPTIMIZER, "adagrad");
    assertThat(options().optimizers().networks()).isEqualTo(new Adagrad());
    assertThat(options().optimizers().ids()).isEqualTo(new Adam());

    conf.set(DicmKeys.TRAIN_NETWORK_OPTIMIZER, "ftrl");
    assertThatThrownBy(this::options)
        .hasMessageContaining("dicm.train.network-optimizer: was 'ftrl'")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

  @Test
  void readsWhichIdsHaveEmbeddings() {
    conf.setInt(DicmKeys.TRAIN_ID_ADMISSION_COUNT, 3);
    conf.setLong(DicmKeys.TRAIN_ID_EXPIRY_STEPS, 5000);
    conf.setLong(DicmKeys.TRAIN_ID_FLOOR_ROWS, 70);
    assertThat(options().embeddings().admissionCount()).isEqualTo(3);
    assertThat(options().embeddings().expirySteps()).isEqualTo(5000);
    assertThat(options().embeddings().floorRows()).isEqualTo(70);

    conf.setLong(DicmKeys.TRAIN_ID_EXPIRY_STEPS, 99);
    assertThatThrownBy(this::options)
        .hasMessageContaining("dicm.train.id-expiry-steps was 99, allowed 0 (never) or >= 100")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }
}
