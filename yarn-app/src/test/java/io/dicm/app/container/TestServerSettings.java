package io.dicm.app.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.submodel.SubModelShape;
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
  void theSubModelIsASetting() {
    assertThat(options().subModel().decide(4096).shape()).isEqualTo(SubModelShape.USUAL);
    conf.set(DicmKeys.MODEL_SUB_MODEL, "64-8");
    assertThat(options().subModel().decide(4096).shape()).isEqualTo(SubModelShape.of(64, 8));

    conf.set(DicmKeys.MODEL_SUB_MODEL, "none");
    conf.set(DicmKeys.TRAIN_MISSING_IMAGE, "learned");
    assertThatThrownBy(this::options)
        .hasMessage(
            "Cannot use dicm.model.sub-model=none with dicm.train.missing-image=learned: there is"
                + " no sub-model for it. Leave one of them out, or choose"
                + " dicm.model.sub-model=64-12.")
        .extracting(e -> ((DicmException) e).code())
        .isEqualTo(ErrorCode.CONFIGURATION_INVALID);
  }

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
