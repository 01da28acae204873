package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.cuda.Gpus;
import io.dicm.feature.device.ComputeDevice;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole steps with the kernel and without it; skipped where there is no GPU. */
class TestAttentionKernelsOnGpu {
  static Stream<NetworkShape> shapes() {
    return FusedStepProblem.shapes();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aStepIsTheSameWithTheKernel(NetworkShape shape) {
    ComputeDevice device = Gpus.first();
    FusedStepProblem problem = new FusedStepProblem(shape, 300);
    StepOutcome plain = problem.train(device, AttentionKernels.plain());
    try (AttentionKernels kernels = AttentionKernels.on(device, shape)) {
      assertThat(kernels.isFused()).isTrue();
      FusedStepProblem.assertAgree(problem.train(device, kernels), plain);
      FusedStepProblem.assertAgree(problem.trainPrepared(device, kernels), plain);
    }
  }
}
