package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.client.StepInputs;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.network.StepContext;
import io.dicm.trainer.train.Batch;
import io.dicm.trainer.train.BatchAssembler;
import io.dicm.trainer.train.RandomSamples;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** A random training step, taken with one kind of attention kernels and with another. */
final class FusedStepProblem {
  private final NetworkShape shape;
  private final Batch batch;
  private final StepInputs inputs;

  FusedStepProblem(NetworkShape shape, int samples) {
    SplittableRandom random = new SplittableRandom(8);
    this.shape = shape;
    this.batch = new BatchAssembler(shape).assemble(new RandomSamples(shape, 8).list(samples));
    int code = shape.codeDimension();
    this.inputs =
        new StepInputs(
            values(random, code * batch.adImageKeys().length),
            values(random, code * batch.behaviorImageKeys().length),
            values(random, shape.rowWidth() * batch.idKeys().length),
            values(random, new DicmNetwork(shape).layout().length()),
            random.ints((long) shape.tiers() * batch.impressions(), 0, 5).toArray());
  }

  /** All kinds of networks with attention. */
  static Stream<NetworkShape> shapes() {
    return Stream.of(
        new NetworkShape(1, 2, 3, 1, List.of(0, 2), 5, 4, ImageMode.JOINT),
        new NetworkShape(1, 2, 3, 1, List.of(1), 4, 3, ImageMode.BEHAVIOR),
        new NetworkShape(0, 0, 2, 2, List.of(), 4, 4, ImageMode.JOINT),
        shape(AggregatorKind.ATTENTIVE, 0, ImageMode.BEHAVIOR),
        shape(AggregatorKind.ATTENTIVE, 0, ImageMode.JOINT),
        shape(AggregatorKind.MULTI_QUERY_SIMTIER, 5, ImageMode.JOINT));
  }

  private static NetworkShape shape(AggregatorKind kind, int tiers, ImageMode images) {
    return new NetworkShape(1, 2, 3, 1, List.of(1), 4, 3, images, new Aggregation(kind, 0, tiers));
  }

  /** With indices made by the step itself. */
  StepOutcome train(ComputeDevice device, AttentionKernels kernels) {
    return new DicmNetwork(shape, device, kernels).train(batch.indices(), batch.labels(), inputs);
  }

  /** With indices made ahead of the step. */
  StepOutcome trainPrepared(ComputeDevice device, AttentionKernels kernels) {
    DicmNetwork network = new DicmNetwork(shape, device, kernels);
    try (PreparedIndices prepared =
        network.prepareStep(
            batch.indices(),
            batch.idKeys().length,
            batch.adImageKeys().length,
            batch.behaviorImageKeys().length)) {
      return network.train(prepared, batch.labels(), inputs, StepContext.PLAIN);
    }
  }

  static void assertAgree(StepOutcome found, StepOutcome expected) {
    assertThat(found.lossSum())
        .isCloseTo(expected.lossSum(), within(1e-5 * Math.max(1, expected.lossSum())));
    assertClose("clicks", found.clickProbabilities(), expected.clickProbabilities());
    assertClose("ad codes", found.adCodes(), expected.adCodes());
    assertClose("behavior codes", found.behaviorCodes(), expected.behaviorCodes());
    assertClose("IDs", found.idEmbeddings(), expected.idEmbeddings());
    assertClose("dense", found.dense(), expected.dense());
  }

  /** By the largest of them, as sums of many terms differ. */
  private static void assertClose(String what, float[] found, float[] expected) {
    float largest = 1;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(found).as(what).containsExactly(expected, within(1e-5f * largest));
  }

  private static float[] values(SplittableRandom random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextDouble() - .5);
    }
    return values;
  }
}
