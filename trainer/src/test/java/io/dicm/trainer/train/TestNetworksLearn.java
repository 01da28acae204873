package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.ams.optimizer.Adagrad;
import io.dicm.ams.optimizer.Adam;
import io.dicm.ams.optimizer.Ftrl;
import io.dicm.ams.optimizer.LearningRate;
import io.dicm.ams.server.OptimizerOptions;
import io.dicm.ams.server.WeightOptimizer;
import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.MemorySnapshot;
import io.dicm.trainer.TrainingGang;
import io.dicm.trainer.TrainingVariant;
import io.dicm.trainer.model.Aggregation;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every network learns through real servers, with the optimisers of its paper. */
class TestNetworksLearn {
  private static final int ITEMS = 40;
  private static final int SAMPLES = 1500;
  private static final int BATCH_SIZE = 50;
  private static final int EPOCHS = 6;

  private static final FeatureSchema SCHEMA =
      FeatureSchema.of(
          List.of(
              new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
              new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true)),
          "test");

  /** Half of the items are clicked nine times in ten, the others once: .33 is the least loss. */
  @ParameterizedTest
  @EnumSource(IdNetworkKind.class)
  void findsTheItemsThatAreClicked(IdNetworkKind kind) throws Exception {
    TrainingGang.NetworkPlan usual = TrainingGang.NetworkPlan.of(kind);
    TrainingGang.NetworkPlan network =
        kind == IdNetworkKind.WIDE_DEEP
            ? new TrainingGang.NetworkPlan(usual.options(), 0, 0, ofWideAndDeep())
            : kind == IdNetworkKind.LR
                ? new TrainingGang.NetworkPlan(usual.options(), 0, 0, ofLogisticRegression())
                : usual;
    TrainingGang.Plan plan =
        new TrainingGang.Plan(SCHEMA, ImageMode.NONE, 12, 2, 1, BATCH_SIZE, EPOCHS, 0.003, 3)
            .with(TrainingVariant.USUAL.with(network).with(Aggregation.usual(kind)));
    List<Sample> samples = samples();
    try (TrainingGang gang = new TrainingGang(plan, new MemorySnapshot(4, Map.of()))) {
      TrainingResult result =
          gang.train((worker, workers) -> epoch -> new ListSource(samples)).get(0);

      List<TrainingCurve.Point> points = result.curve().points();
      double last =
          points.subList(points.size() - SAMPLES / BATCH_SIZE, points.size()).stream()
              .mapToDouble(TrainingCurve.Point::loss)
              .average()
              .orElseThrow();
      assertThat(last).isLessThan(0.40);
    }
  }

  /** A weight has to move farther than an embedding. */
  private static OptimizerOptions ofLogisticRegression() {
    return new OptimizerOptions(LearningRate.constant(0.003f), new Adam(), new Adam(), 1, 0)
        .withWeights(new WeightOptimizer(new Adam(), 10));
  }

  /** As the product has them for this network, at a rate of .001. */
  private static OptimizerOptions ofWideAndDeep() {
    return new OptimizerOptions(LearningRate.constant(0.005f), new Adagrad(), new Adagrad(), 1, 0)
        .withWeights(new WeightOptimizer(new Ftrl(1e-5f, 0), 200));
  }

  private static List<Sample> samples() {
    SplittableRandom random = new SplittableRandom(8);
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < SAMPLES; i++) {
      int item = random.nextInt(ITEMS);
      boolean clicked = random.nextInt(10) == 0 ? item % 2 == 0 : item % 2 == 1;
      long key = Fingerprints.idKey("item_id", "" + item);
      long before = Fingerprints.idKey("item_id", "" + random.nextInt(ITEMS));
      samples.add(
          new Sample(
              "user",
              i,
              new long[][] {{Fingerprints.idKey("user_id", "" + random.nextInt(20))}},
              new Behaviors(new long[1], new long[][] {{before}}),
              List.of(
                  new Impression(
                      "" + i,
                      "" + item,
                      "",
                      clicked ? 1 : 0,
                      Fingerprints.NONE,
                      new long[][] {{key}},
                      new long[0][]))));
    }
    return samples;
  }
}
