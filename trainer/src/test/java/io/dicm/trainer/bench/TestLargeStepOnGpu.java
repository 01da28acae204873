package io.dicm.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.Gpus;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole steps on a GPU, server and worker, beside the same on the processor. */
class TestLargeStepOnGpu {
  @TempDir private static Path folder;

  /** It is the process's. */
  @AfterAll
  static void resetArithmetic() {
    Arithmetic.FLOAT32.useForProcess();
  }

  @ParameterizedTest
  @CsvSource({"FLOAT32, FLOAT16, 1e-4", "FLOAT32, FLOAT32, 1e-4", "BFLOAT16, FLOAT16, 1e-2"})
  void lossesAreTheProcessors(Arithmetic arithmetic, VectorPrecision vectors, double most) {
    LargeStepPlan plan =
        new LargeStepPlan(
            96, 4, 120, 200, 64, vectors, Gpus.firstOrStandIn(folder), arithmetic, 2, 0, 12);

    DeviceAgreement agreement = DeviceAgreement.of(plan, true, ProgressListener.NONE);

    assertThat(agreement.kernels()).isEqualTo(new StepKernels(true, true));
    assertThat(agreement.steps()).isEqualTo(12);
    assertThat(agreement.largestDifference()).isLessThan(most);
  }
}
