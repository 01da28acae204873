package io.dicm.trainer.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.model.FeaturePlace.Side;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.Behaviors;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeaturePair;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where crosses find their values, and the keys of the pairs. */
class TestFeatureCross {
  private static final List<FeatureField> FIELDS =
      List.of(
          field("hour", FeatureSide.CONTEXT, false),
          field("item_id", FeatureSide.ITEM, false),
          field("user_id", FeatureSide.USER, false),
          field("brand", FeatureSide.ITEM, true),
          new FeatureField("tags", FeatureSide.ITEM, FeatureKind.IDS, false, false),
          field("category", FeatureSide.ITEM, true),
          field("age", FeatureSide.USER, false),
          field("page", FeatureSide.CONTEXT, false));

  private static final Impression IMPRESSION =
      new Impression(
          "1",
          "item",
          "",
          1,
          Fingerprints.NONE,
          new long[][] {{10}, {}, {21, 22}, {30}},
          new long[][] {{40}, {50}});

  @Test
  void placesAreOfSideAndPosition() {
    assertThat(cross("age", "category").first()).isEqualTo(new FeaturePlace(Side.USER, 1));
    assertThat(cross("age", "category").second()).isEqualTo(new FeaturePlace(Side.ITEM, 3));
    assertThat(cross("behavior:category", "page").first())
        .isEqualTo(new FeaturePlace(Side.BEHAVIOR, 1));
    assertThat(cross("behavior:category", "page").second())
        .isEqualTo(new FeaturePlace(Side.CONTEXT, 1));
  }

  @Test
  void everyValueMeetsEveryOther() {
    FeatureCross cross = cross("tags", "behavior:category");
    long pair = Fingerprints.pairKey("tags", "behavior:category");

    assertThat(cross.keys(sample(new long[] {7, Fingerprints.NONE, 8, 7}), IMPRESSION))
        .containsExactly(
            Fingerprints.crossKey(pair, 21, 7),
            Fingerprints.crossKey(pair, 21, 8),
            Fingerprints.crossKey(pair, 21, 7),
            Fingerprints.crossKey(pair, 22, 7),
            Fingerprints.crossKey(pair, 22, 8),
            Fingerprints.crossKey(pair, 22, 7));
  }

  @Test
  void aFeatureWithoutValuesHasNoPairs() {
    Sample sample = sample(new long[] {Fingerprints.NONE});

    assertThat(cross("brand", "age").keys(sample, IMPRESSION)).isEmpty();
    assertThat(cross("user_id", "behavior:category").keys(sample, IMPRESSION)).isEmpty();
    assertThat(cross("user_id", "behavior:category").keys(sample(new long[0]), IMPRESSION))
        .isEmpty();
  }

  /** Behaviours have the same keys as the item's own values of a feature. */
  @Test
  void pairsOfAnItemAndOfBehaviorsAreTwoThings() {
    Sample sample = sample(new long[] {30});

    assertThat(cross("user_id", "category").keys(sample, IMPRESSION))
        .hasSize(1)
        .doesNotContain(cross("user_id", "behavior:category").keys(sample, IMPRESSION));
  }

  @Test
  void networksReadThemOrNot() {
    FeatureSchema schema =
        FeatureSchema.of(FIELDS, List.of(new FeaturePair("age", "category")), "test");
    List<FeatureCross> crosses = FeatureCross.of(schema);
    NetworkShape shape = NetworkShape.of(FIELDS, 4, ImageMode.NONE);

    for (IdNetworkKind kind : IdNetworkKind.values()) {
      assertThat(shape.with(NetworkOptions.usual(kind), crosses).crosses())
          .isEqualTo(kind.readsCrosses() ? crosses : List.of());
    }
  }

  private static Sample sample(long[] behaviorCategories) {
    return new Sample(
        "user",
        0,
        new long[][] {{1}, {2}},
        new Behaviors(
            new long[behaviorCategories.length],
            new long[][] {new long[behaviorCategories.length], behaviorCategories}),
        List.of(IMPRESSION));
  }

  private static FeatureCross cross(String first, String second) {
    List<FeaturePair> pairs = List.of(new FeaturePair(first, second));
    return FeatureCross.of(FeatureSchema.of(FIELDS, pairs, "test")).get(0);
  }

  private static FeatureField field(String name, FeatureSide side, boolean behavior) {
    return new FeatureField(name, side, FeatureKind.ID, behavior, false);
  }
}
