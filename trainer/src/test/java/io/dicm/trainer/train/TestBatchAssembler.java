package io.dicm.trainer.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.key.Fingerprints;
import io.dicm.trainer.model.Bags;
import io.dicm.trainer.model.ImageMode;
import io.dicm.trainer.model.NetworkIndices;
import io.dicm.trainer.model.NetworkShape;
import io.dicm.trainer.sample.Impression;
import io.dicm.trainer.sample.Sample;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestBatchAssembler {
  private static final NetworkShape JOINT =
      new NetworkShape(2, 2, 3, 1, List.of(0), 4, 4, ImageMode.JOINT);

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

  @Test
  void refusesSamplesOfAnotherSchema() {
    NetworkShape other = new NetworkShape(2, 2, 2, 1, List.of(0), 4, 4, ImageMode.JOINT);
    List<Sample> samples = new RandomSamples(JOINT, 1).list(1);
    assertThatThrownBy(() -> new BatchAssembler(other).assemble(samples))
        .hasMessage(
            "Cannot make a batch: a sample has 3 item fields, the model needs 2."
                + " Make the samples anew from the model's features.json.");
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
