package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.model.Bags;
import io.dicm.trainer.model.BehaviorIndices;
import io.dicm.trainer.model.FeatureCross;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkIndices;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.network.Activation;
import io.dicm.trainer.network.IdNetworkKind;
import io.dicm.trainer.network.NetworkOptions;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.ItemCatalogue;
import io.dicm.trainer.sample.Sample;
import io.dicm.trainer.schema.FeatureField;
import io.dicm.trainer.schema.FeatureKind;
import io.dicm.trainer.schema.FeaturePair;
import io.dicm.trainer.schema.FeatureSchema;
import io.dicm.trainer.schema.FeatureSide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestBatchAssembler {
  private static final NetworkShape JOINT =
      new NetworkShape(2, 2, 3, 1, List.of(0), 4, 4, ImageMode.JOINT);

  private static final NetworkOptions DIEN = NetworkOptions.usual(IdNetworkKind.DIEN);

  /** Looking every index up again gives back every sample's keys, in order, "none" left out. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void indicesGiveBackTheSamples(long seed) {
    List<Sample> samples = new RandomSamples(JOINT, seed).list(20);
    Batch batch = new BatchAssembler(JOINT).assemble(samples);
    NetworkIndices indices = batch.indices();
    int impressionNumber = 0;
    for (int s = 0; s < samples.size(); s++) {
      Sample sample = samples.get(s);
      assertBags(indices.sampleIds(), s * 4, batch.idKeys(), sample.userKeys());
      assertBags(indices.sampleIds(), s * 4 + 2, batch.idKeys(), sample.behaviors().idKeys());
      for (Impression impression : sample.impressions()) {
        int i = impressionNumber++;
        assertThat(indices.sampleOfImpression()[i]).isEqualTo(s);
        assertThat(batch.labels()[i]).isEqualTo(impression.label());
        assertBags(indices.impressionIds(), i * 4, batch.idKeys(), impression.itemKeys());
        assertBags(indices.impressionIds(), i * 4 + 3, batch.idKeys(), impression.contextKeys());
        assertBag(indices.adImages(), i, batch.adImageKeys(), impression.imageKey());
        assertBag(
            indices.behaviorImages(), i, batch.behaviorImageKeys(), sample.behaviors().imageKeys());
      }
    }
    assertThat(batch.impressions()).isEqualTo(impressionNumber);
    assertThat(indices.impressions()).isEqualTo(impressionNumber);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void asksForEachKeyOnceInFirstSeenOrder(long seed) {
    List<Sample> samples = new RandomSamples(JOINT, seed).list(20);
    Batch batch = new BatchAssembler(JOINT).assemble(samples);
    Set<Long> ads = new LinkedHashSet<>();
    Set<Long> behaviors = new LinkedHashSet<>();
    for (Sample sample : samples) {
      Arrays.stream(sample.behaviors().imageKeys()).forEach(behaviors::add);
      sample.impressions().forEach(impression -> ads.add(impression.imageKey()));
    }
    ads.remove(Fingerprints.NONE);
    behaviors.remove(Fingerprints.NONE);
    assertThat(batch.adImageKeys()).containsExactly(longs(ads));
    assertThat(batch.behaviorImageKeys()).containsExactly(longs(behaviors));
    assertThat(batch.idKeys()).doesNotHaveDuplicates().doesNotContain(Fingerprints.NONE);
    assertThat(batch.request(9).idKeys()).isEqualTo(batch.idKeys());
    assertThat(batch.request(9).step()).isEqualTo(9);
  }

  @Test
  void asksForNoPictureThatTheNetworkHasNoUseFor() {
    List<Sample> samples = new RandomSamples(JOINT, 1).list(10);
    assertThat(assemble(samples, ImageMode.NONE).adImageKeys()).isEmpty();
    assertThat(assemble(samples, ImageMode.NONE).behaviorImageKeys()).isEmpty();
    assertThat(assemble(samples, ImageMode.AD).adImageKeys()).isNotEmpty();
    assertThat(assemble(samples, ImageMode.AD).behaviorImageKeys()).isEmpty();
    assertThat(assemble(samples, ImageMode.BEHAVIOR).adImageKeys()).isNotEmpty();
    assertThat(assemble(samples, ImageMode.BEHAVIOR).behaviorImageKeys()).isNotEmpty();
  }

  /** Against loops over the values of every impression. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void crossesHaveTheKeysOfAllPairs(long seed) {
    List<Sample> samples = new RandomSamples(JOINT, seed).list(20);
    Batch batch = new BatchAssembler(crossed(IdNetworkKind.WIDE_DEEP)).assemble(samples);
    int bag = 0;
    for (Sample sample : samples) {
      for (Impression impression : sample.impressions()) {
        long[][] item = impression.itemKeys();
        long[][] behaviors = sample.behaviors().idKeys();
        Bags crosses = batch.indices().crosses();
        assertBag(
            crosses, bag++, batch.idKeys(), pairs("age", sample.userKeys()[1], "tags", item[2]));
        assertBag(
            crosses,
            bag++,
            batch.idKeys(),
            pairs("behavior:brand", behaviors[1], "brand", item[1]));
        assertBag(
            crosses,
            bag++,
            batch.idKeys(),
            pairs("hour", impression.contextKeys()[0], "behavior:item_id", behaviors[0]));
      }
    }
    assertThat(batch.indices().crosses().count()).isEqualTo(bag).isEqualTo(3 * batch.impressions());
    assertThat(batch.idKeys()).doesNotHaveDuplicates().doesNotContain(Fingerprints.NONE);
  }

  @Test
  void networksWithoutCrossesAskForNone() {
    List<Sample> samples = new RandomSamples(JOINT, 1).list(20);
    Batch batch = new BatchAssembler(crossed(IdNetworkKind.EMBEDDING_MLP)).assemble(samples);

    assertThat(batch.indices().crosses().count()).isZero();
    assertThat(batch.idKeys()).isEqualTo(assemble(samples, ImageMode.JOINT).idKeys());
  }

  /** Of the whole catalogue, for each behaviour another item than its own, the same ones again. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void drawsAnItemForEachBehavior(long seed) {
    List<Sample> samples = new RandomSamples(JOINT, seed).list(40);
    ItemCatalogue catalogue = clickedItems(samples);
    Batch batch = new BatchAssembler(JOINT.with(DIEN, List.of()), catalogue, 1).assemble(samples);

    BehaviorIndices behaviors = batch.indices().behaviors();
    int next = 0;
    Set<List<Long>> drawn = new HashSet<>();
    for (Sample sample : samples) {
      long[][] keys = sample.behaviors().idKeys();
      for (int t = 0; t < keys[0].length; t++) {
        int item = behaviors.drawnOfBehavior()[next++];
        if (t == 0) {
          continue; // Nothing leads to the first one.
        }
        List<Long> others =
            List.of(
                keyOf(behaviors.drawnIds(), 2 * item, batch.idKeys()),
                keyOf(behaviors.drawnIds(), 2 * item + 1, batch.idKeys()));
        assertThat(others).isNotEqualTo(List.of(keys[0][t], keys[1][t]));
        drawn.add(others);
      }
    }
    assertThat(next).isEqualTo(behaviors.drawnOfBehavior().length).isGreaterThan(50);
    assertThat(drawn).hasSizeGreaterThan(10);
    Batch again = new BatchAssembler(JOINT.with(DIEN, List.of()), catalogue, 1).assemble(samples);
    assertThat(again.indices().behaviors().drawnOfBehavior())
        .isEqualTo(behaviors.drawnOfBehavior());
    assertThat(again.idKeys()).isEqualTo(batch.idKeys());
    Batch other = new BatchAssembler(JOINT.with(DIEN, List.of()), catalogue, 2).assemble(samples);
    assertThat(other.indices().behaviors().drawnOfBehavior())
        .isNotEqualTo(behaviors.drawnOfBehavior());
  }

  @Test
  void behaviorsOfABatchShareTheDrawnItems() {
    List<Sample> samples = new RandomSamples(JOINT, 1).list(1500);
    BehaviorIndices behaviors =
        new BatchAssembler(JOINT.with(DIEN, List.of()), clickedItems(samples), 1)
            .assemble(samples)
            .indices()
            .behaviors();

    assertThat(behaviors.drawnOfBehavior()).hasSizeGreaterThan(ItemDraw.MOST_ITEMS);
    assertThat(behaviors.drawnIds().count())
        .isBetween(ItemDraw.MOST_ITEMS, 2 * ItemDraw.MOST_ITEMS);
    assertThat(Arrays.stream(behaviors.drawnOfBehavior()).max())
        .as("only what some behaviour has is asked for")
        .hasValue(behaviors.drawnIds().count() / 2 - 1);
  }

  @Test
  void drawsNothingToScoreAndWithoutTheLossThatNeedsIt() {
    List<Sample> samples = new RandomSamples(JOINT, 1).list(20);
    ItemCatalogue catalogue = clickedItems(samples);
    NetworkOptions without =
        new NetworkOptions(
            IdNetworkKind.DIEN, List.of(4), Activation.PRELU, 0.0, null, null, null, 0.0);

    for (BatchAssembler assembler :
        List.of(
            new BatchAssembler(JOINT.with(DIEN, List.of())),
            new BatchAssembler(JOINT.with(without, List.of()), catalogue, 1),
            new BatchAssembler(
                JOINT.with(NetworkOptions.usual(IdNetworkKind.DIN), List.of()), catalogue, 1))) {
      Batch batch = assembler.assemble(samples);
      assertThat(batch.indices().behaviors().ids().count()).isPositive();
      assertThat(batch.indices().behaviors().drawnIds().count()).isZero();
      assertThat(batch.indices().behaviors().drawnOfBehavior()).isEmpty();
    }
  }

  private static ItemCatalogue clickedItems(List<Sample> samples) {
    List<ItemCatalogue.Item> items = new ArrayList<>();
    for (Sample sample : samples) {
      long[][] keys = sample.behaviors().idKeys();
      for (int t = 0; t < keys[0].length; t++) {
        items.add(new ItemCatalogue.Item(new long[] {keys[0][t], keys[1][t]}, 1));
      }
    }
    return ItemCatalogue.of(items);
  }

  /** The key in a bag of one or none. */
  private static long keyOf(Bags bags, int bag, long[] table) {
    int begin = bags.offsets()[bag];
    return bags.end(bag) == begin ? Fingerprints.NONE : table[bags.rows()[begin]];
  }

  @Test
  void refusesSamplesOfAnotherSchema() {
    NetworkShape other = new NetworkShape(2, 2, 2, 1, List.of(0), 4, 4, ImageMode.JOINT);
    List<Sample> samples = new RandomSamples(JOINT, 1).list(1);
    assertThatThrownBy(() -> new BatchAssembler(other).assemble(samples))
        .hasMessage(
            "Cannot make a batch: a sample has 3 item fields, the model needs 2."
                + " Make the samples anew from the model's features.json.");
  }

  /** Of as many fields as the samples have. */
  private static NetworkShape crossed(IdNetworkKind kind) {
    FeatureSchema schema =
        FeatureSchema.of(
            List.of(
                new FeatureField("user_id", FeatureSide.USER, FeatureKind.ID, false, false),
                new FeatureField("age", FeatureSide.USER, FeatureKind.IDS, false, false),
                new FeatureField("item_id", FeatureSide.ITEM, FeatureKind.ID, true, true),
                new FeatureField("brand", FeatureSide.ITEM, FeatureKind.ID, true, false),
                new FeatureField("tags", FeatureSide.ITEM, FeatureKind.IDS, false, false),
                new FeatureField("hour", FeatureSide.CONTEXT, FeatureKind.ID, false, false)),
            List.of(
                new FeaturePair("age", "tags"),
                new FeaturePair("behavior:brand", "brand"),
                new FeaturePair("hour", "behavior:item_id")),
            "test");
    return NetworkShape.of(schema.fields(), 4, ImageMode.JOINT)
        .with(NetworkOptions.usual(kind), FeatureCross.of(schema));
  }

  private static long[] pairs(String first, long[] firsts, String second, long[] seconds) {
    long pair = Fingerprints.pairKey(first, second);
    return Arrays.stream(firsts)
        .filter(key -> key != Fingerprints.NONE)
        .flatMap(
            one ->
                Arrays.stream(seconds)
                    .filter(key -> key != Fingerprints.NONE)
                    .map(other -> Fingerprints.crossKey(pair, one, other)))
        .toArray();
  }

  private static Batch assemble(List<Sample> samples, ImageMode images) {
    return new BatchAssembler(new NetworkShape(2, 2, 3, 1, List.of(0), 4, 4, images))
        .assemble(samples);
  }

  private static void assertBags(Bags bags, int first, long[] table, long[][] expected) {
    for (int field = 0; field < expected.length; field++) {
      assertBag(bags, first + field, table, expected[field]);
    }
  }

  private static void assertBag(Bags bags, int bag, long[] table, long... expected) {
    long[] keys =
        Arrays.stream(bags.rows(), bags.offsets()[bag], bags.end(bag))
            .mapToLong(row -> table[row])
            .toArray();
    assertThat(keys)
        .containsExactly(Arrays.stream(expected).filter(key -> key != Fingerprints.NONE).toArray());
  }

  private static long[] longs(Set<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
