package io.dicm.trainer.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.dicm.ams.bench.RandomVectors;
import io.dicm.ams.bench.StepWork;
import io.dicm.ams.client.StepRequest;
import io.dicm.ams.server.AmsServerOptions;
import io.dicm.ams.server.ImageRounds;
import io.dicm.ams.server.LocalServer;
import io.dicm.ams.shard.VectorPrecision;
import io.dicm.common.progress.ProgressListener;
import io.dicm.feature.device.Arithmetic;
import io.dicm.feature.device.ComputeDevice;
import io.dicm.trainer.train.Batch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestLargeStepBenchmark {
  private static final int STEPS = 30;
  private static final StepKernels PLAIN = new StepKernels(false, false);

  private static LargeStepPlan plan(Arithmetic arithmetic) {
    return new LargeStepPlan(
        96,
        4,
        160,
        300,
        32,
        VectorPrecision.FLOAT16,
        ComputeDevice.PROCESSOR,
        arithmetic,
        1,
        2,
        STEPS);
  }

  @Test
  void aBatchShowsEveryPictureAndEveryId() {
    LargeStepPlan plan = plan(Arithmetic.FLOAT32);
    Batch batch = LargeBatch.of(plan, 0);
    assertThat(batch.impressions()).isEqualTo(96);
    assertThat(batch.adImageKeys()).hasSize(10).doesNotHaveDuplicates();
    assertThat(batch.behaviorImageKeys()).hasSize(150).doesNotHaveDuplicates();
    assertThat(batch.indices().behaviorImages().rows()).hasSize(96 * 4);
    assertThat(distinct(batch.indices().behaviorImages().rows())).isEqualTo(range(150));
    assertThat(distinct(batch.indices().adImages().rows())).isEqualTo(range(10));
    int[] ids =
        IntStream.concat(
                Arrays.stream(batch.indices().sampleIds().rows()),
                Arrays.stream(batch.indices().impressionIds().rows()))
            .toArray();
    assertThat(batch.idKeys()).hasSize(300).doesNotHaveDuplicates();
    assertThat(distinct(ids)).isEqualTo(range(300));
  }

  @Test
  void stepsTrainAndAreMeasured() {
    LargeStepMeasurement measured =
        new LargeStepBenchmark(plan(Arithmetic.FLOAT32)).run(ProgressListener.NONE);
    List<Double> losses = measured.losses();
    assertThat(losses).hasSize(2 + STEPS);
    // Two batches come again and again: they can be learned by heart.
    assertThat(losses.get(losses.size() - 1)).isLessThan(losses.get(0));
    assertThat(measured.samplesPerSecond()).isPositive();
    assertThat(measured.stepMs()).isGreaterThan(measured.networkMs());
    assertThat(measured.imageGigaflops()).isPositive();
    assertThat(measured.kernels()).isEqualTo(PLAIN);
    assertThat(measured.meanStepMs() * measured.meanSamplesPerSecond())
        .isCloseTo(96_000, within(1e-6));
    // The same operations by two times.
    double operations = measured.deviceImagesMs() * measured.deviceImageGigaflops();
    assertThat(operations * 1e6)
        .isCloseTo(new StepWork(160, 32).operations(), withinPercentage(1e-6));
  }

  /** What is timed for the device alone leaves the model as it is. */
  @Test
  void theDevicesRoundsTeachNothing() {
    AmsServerOptions options =
        AmsServerOptions.of(0, 1, 1).embeddingDimension(4).threads(1).seed(3).build();
    long[] keys = {RandomVectors.key(4), RandomVectors.key(1)};
    try (LocalServer server =
            new LocalServer(options, new RandomVectors(8, 16), ProgressListener.NONE);
        ImageRounds rounds = server.imageRounds(keys, keys)) {
      server.join(new float[1], 0);
      float[] before = codes(server, 0, keys);
      assertThat(rounds.run()).isPositive();
      assertThat(rounds.run()).isPositive();
      assertThat(codes(server, 1, keys)).isEqualTo(before);
      assertThat(server.areVectorsCollectedByKernel()).isFalse();
    }
  }

  private static float[] codes(LocalServer server, long step, long[] keys) {
    return server.forward(new StepRequest(step, keys, keys, new long[0])).behaviorCodes();
  }

  @Test
  void aDeviceAgreesWithItselfAndRoundingIsSeen() {
    assertThat(
            DeviceAgreement.of(plan(Arithmetic.FLOAT32), ProgressListener.NONE).largestDifference())
        .isZero();
    List<Double> exact =
        new LargeStepBenchmark(plan(Arithmetic.FLOAT32)).run(ProgressListener.NONE).losses();
    List<Double> rounded =
        new LargeStepBenchmark(plan(Arithmetic.BFLOAT16)).run(ProgressListener.NONE).losses();
    assertThat(rounded).isNotEqualTo(exact);
    assertThat(rounded.get(STEPS)).isCloseTo(exact.get(STEPS), within(0.01));
  }

  @Test
  void agreementIsTheLargestRelativeDifference() {
    DeviceAgreement agreement =
        DeviceAgreement.of(PLAIN, List.of(.5, .505, .2), List.of(.5, .5, .2002));
    assertThat(agreement.largestDifference()).isCloseTo(.01, within(1e-9));
    assertThat(agreement.steps()).isEqualTo(3);
    assertThat(agreement.lastLoss()).isEqualTo(.2002);
    assertThat(DeviceAgreement.of(PLAIN, List.of(Double.NaN), List.of(.5)).largestDifference())
        .isInfinite();
  }

  @Test
  void aBatchThatCannotShowItsPicturesIsRefused() {
    assertThatThrownBy(
            () ->
                new LargeStepPlan(
                    10,
                    2,
                    100,
                    30,
                    8,
                    VectorPrecision.FLOAT32,
                    ComputeDevice.PROCESSOR,
                    Arithmetic.FLOAT32,
                    1,
                    0,
                    1))
        .hasMessageContaining("cannot show 100 pictures");
  }

  private static int[] distinct(int[] values) {
    return Arrays.stream(values).distinct().sorted().toArray();
  }

  private static int[] range(int end) {
    return IntStream.range(0, end).toArray();
  }
}
