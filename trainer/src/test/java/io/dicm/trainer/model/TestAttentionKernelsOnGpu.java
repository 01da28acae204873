package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.Gpus;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole steps with the kernel and without it. */
class TestAttentionKernelsOnGpu {
  @TempDir private static Path folder;

  private static ComputeDevice gpu;

  @BeforeAll
  static void findGpu() {
    gpu = Gpus.firstOrStandIn(folder);
    Arithmetic.FLOAT32.useForProcess();
  }

  static Stream<NetworkShape> shapes() {
    return FusedStepProblem.shapes();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aStepIsTheSameWithTheKernel(NetworkShape shape) {
    FusedStepProblem problem = new FusedStepProblem(shape, 120);
    StepOutcome plain = problem.train(gpu, AttentionKernels.plain());
    try (AttentionKernels kernels = AttentionKernels.on(gpu, shape)) {
      assertThat(kernels.isFused()).isTrue();
      FusedStepProblem.assertAgree(problem.train(gpu, kernels), plain);
      FusedStepProblem.assertAgree(problem.trainPrepared(gpu, kernels), plain);
    }
  }
}
