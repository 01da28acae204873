package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.feature.device.StandInGpu;
import io.dicm.trainer.cuda.LoopedAttention;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TestAttentionKernels {
  private static final NetworkShape SHAPE =
      new NetworkShape(1, 2, 3, 1, List.of(0, 2), 5, 4, ImageMode.JOINT);

  static Stream<NetworkShape> shapes() {
    return FusedStepProblem.shapes();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void aStepIsTheSameWithAKernel(NetworkShape shape) {
    FusedStepProblem problem = new FusedStepProblem(shape, 20);
    StepOutcome plain = problem.train(ComputeDevice.PROCESSOR, AttentionKernels.plain());
    int channels =
        shape.aggregation().kind() == AggregatorKind.ATTENTIVE || shape.queryFields().isEmpty()
            ? 1
            : 2;
    LoopedAttention loops = new LoopedAttention();
    try (AttentionKernels kernels = AttentionKernels.fused(loops)) {
      FusedStepProblem.assertAgree(problem.train(ComputeDevice.PROCESSOR, kernels), plain);
      assertThat(loops.passes()).isEqualTo(2 * channels);
      FusedStepProblem.assertAgree(problem.trainPrepared(ComputeDevice.PROCESSOR, kernels), plain);
    }
  }

  /** Its parts of one row look contiguous where they are. */
  @Test
  void aStepOfOneImpressionIsTheSameWithAKernel() {
    FusedStepProblem problem = new FusedStepProblem(SHAPE, 1);
    try (AttentionKernels kernels = AttentionKernels.fused(new LoopedAttention())) {
      FusedStepProblem.assertAgree(
          problem.train(ComputeDevice.PROCESSOR, kernels),
          problem.train(ComputeDevice.PROCESSOR, AttentionKernels.plain()));
    }
  }

  @Test
  void theProcessorHasNone() {
    assertThat(AttentionKernels.on(ComputeDevice.PROCESSOR, SHAPE).isFused()).isFalse();
  }

  @Test
  void nothingIsCompiledForAnotherPooling() {
    ComputeDevice gpu =
        StandInGpu.withoutKernels(() -> new IllegalStateException("A kernel was asked for"));
    NetworkShape sums =
        new NetworkShape(
            1, 2, 3, 1, List.of(1), 4, 3, ImageMode.JOINT, new Aggregation(AggregatorKind.SUM, 0));
    NetworkShape wide = SHAPE.withCodes(129);
    for (NetworkShape shape : List.of(sums, wide)) {
      assertThat(AttentionKernels.on(gpu, shape).isFused()).isFalse();
    }
  }

  @Test
  void trainsWithoutOneWhereNoneLoads() {
    ComputeDevice gpu =
        StandInGpu.withoutKernels(
            () -> new DicmException(ErrorCode.NATIVE_LIBRARY_UNAVAILABLE, "No NVRTC here."));

    assertThat(AttentionKernels.on(gpu, SHAPE)).isSameAs(AttentionKernels.plain());
  }
}
