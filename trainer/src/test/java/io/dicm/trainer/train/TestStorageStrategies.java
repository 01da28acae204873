package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.server.ServerStatistics;
import io.dicm.ams.server.TrafficClass;
import io.dicm.ams.strategy.StorageStrategy;
import io.dicm.ams.window.Staleness;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TestStorageStrategies {
  private static final int DIMENSION = 64;
  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true)),
          "test");

  /** What one strategy's training came to. */
  private record Outcome(
      float[] dense, List<Double> losses, ServerStatistics statistics, long diskBytes) {
    long bytes(TrafficClass traffic) {
      return statistics.bytesByClass().get(traffic);
    }
  }

  private static Outcome train(StorageStrategy strategy, Staleness staleness) throws Exception {
    List<Sample> samples =
        new RandomSamples(NetworkShape.of(SCHEMA.fields(), 4, ImageMode.JOINT), 5).list(40);
    // The last image is missing from the store.
    List<String> stored = IntStream.range(1, 8).mapToObj(i -> "image" + i).toList();
    TrainingGang.Plan plan =
        new TrainingGang.Plan(SCHEMA, ImageMode.JOINT, 4, 1, 1, 10, 3, 0.001, 1)
            .with(TrainingVariant.USUAL.with(strategy).with(staleness));
    try (TrainingGang gang = new TrainingGang(plan, MemorySnapshot.random(stored, DIMENSION, 2))) {
      TrainingResult result =
          gang.train((worker, workers) -> epoch -> new ListSource(samples)).get(0);
      return new Outcome(
          gang.dense(),
          result.curve().points().stream().map(TrainingCurve.Point::loss).toList(),
          gang.statistics().get(0),
          gang.diskBytes());
    }
  }

  @Test
  void allStrategiesTrainTheSameModel() throws Exception {
    for (Staleness staleness : List.of(Staleness.SYNCHRONOUS, new Staleness(1))) {
      Outcome ams = train(StorageStrategy.AMS, staleness);
      for (StorageStrategy other :
          List.of(StorageStrategy.STORE_IN_SERVER, StorageStrategy.STORE_IN_WORKER)) {
        Outcome outcome = train(other, staleness);
        assertThat(outcome.losses()).hasSameSizeAs(ams.losses());
        for (int i = 0; i < ams.losses().size(); i++) {
          assertThat(outcome.losses().get(i)).isCloseTo(ams.losses().get(i), within(1e-5));
        }
        assertThat(outcome.dense()).containsExactly(ams.dense(), within(1e-4f));
      }
    }
  }

  @Test
  void theBytesAreWhereTheStrategyPutsThem() throws Exception {
    Outcome ams = train(StorageStrategy.AMS, Staleness.SYNCHRONOUS);
    Outcome inServer = train(StorageStrategy.STORE_IN_SERVER, Staleness.SYNCHRONOUS);
    Outcome inWorker = train(StorageStrategy.STORE_IN_WORKER, Staleness.SYNCHRONOUS);

    assertThat(ams.bytes(TrafficClass.IMAGE_CODES))
        .isPositive()
        .isEqualTo(ams.bytes(TrafficClass.IMAGE_GRADIENTS));
    assertThat(ams.diskBytes()).isZero();

    // Every image once, be it an ad's or a behaviour's, as its whole vector.
    assertThat(inServer.bytes(TrafficClass.IMAGE_CODES))
        .isEqualTo(inServer.statistics().uniqueImageReferences() * DIMENSION * Float.BYTES);
    assertThat(inServer.bytes(TrafficClass.IMAGE_GRADIENTS)).isZero();
    assertThat(inServer.statistics().missingReferences()).isPositive();
    assertThat(inServer.diskBytes()).isZero();

    assertThat(inWorker.bytes(TrafficClass.IMAGE_KEYS)).isZero();
    assertThat(inWorker.bytes(TrafficClass.IMAGE_CODES)).isZero();
    assertThat(inWorker.diskBytes())
        .isEqualTo(
            (inServer.statistics().uniqueImageReferences()
                    - inServer.statistics().missingReferences())
                * DIMENSION
                * Float.BYTES);
    // The sub-model travels as part of the dense parameters.
    assertThat(inWorker.bytes(TrafficClass.DENSE)).isGreaterThan(ams.bytes(TrafficClass.DENSE));
  }
}
