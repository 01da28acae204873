package io.dicm.ams.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dicm.ams.compute.ComputeCrew;
import io.dicm.common.key.Buckets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TestTierCounter {
  private static final int IMAGES = 30;

  /** Vectors of the images 1 to {@value #IMAGES}, those that 5 divides left out. */
  private static Map<Long, float[]> vectors(int dimension, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Long, float[]> vectors = new HashMap<>();
    for (long key = 1; key <= IMAGES; key++) {
      float[] vector = new float[dimension];
      for (int d = 0; d < dimension; d++) {
        vector[d] = (float) (2 * random.nextDouble() - 1);
      }
      if (key % 5 != 0) {
        vectors.put(key, vector);
      }
    }
    return vectors;
  }

  private static ImageVectors of(long[] keys, LongFunction<float[]> vectors) {
    return (place, target) -> {
      float[] vector = vectors.apply(keys[place]);
      if (vector != null) {
        System.arraycopy(vector, 0, target, 0, vector.length);
      }
      return vector != null;
    };
  }

  private static int[] count(
      TierRequest request, int dimension, ComputeCrew crew, LongFunction<float[]> vectors) {
    return new TierCounter(dimension, crew)
        .count(
            request, of(request.adImageKeys(), vectors), of(request.behaviorImageKeys(), vectors));
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "2, 3", "7, 8", "16, 8", "100, 64", "513, 8", "1100, 5", "4096, 8"})
  void agreesWithTheDefinition(int dimension, int tiers) {
    RandomTiers samples = RandomTiers.of(60, IMAGES, image -> image + 1, dimension);
    Map<Long, float[]> vectors = vectors(dimension, 3);
    int[] counts = count(samples.request(tiers), dimension, ComputeCrew.alone(), vectors::get);
    assertThat(counts).isEqualTo(samples.histograms(tiers, vectors::get));
    assertThat(Arrays.stream(counts).sum()).isGreaterThan(100);
  }

  @Test
  void threadsDoNotChangeCounts() {
    RandomTiers samples = RandomTiers.of(300, IMAGES, image -> image + 1, 5);
    Map<Long, float[]> vectors = vectors(33, 3);
    TierRequest request = samples.request(8);
    try (ComputeCrew crew = new ComputeCrew("tiers-", 3)) {
      assertThat(count(request, 33, crew, vectors::get))
          .isEqualTo(count(request, 33, ComputeCrew.alone(), vectors::get));
    }
  }

  /** Equal, opposite and orthogonal vectors of lengths that are no powers of two. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 64})
  void edgesAreWhereTheyBelong(int tiers) {
    Map<Long, float[]> vectors = new HashMap<>();
    vectors.put(1L, new float[] {0.3f, -0.7f, 0.1f});
    vectors.put(2L, new float[] {-0.3f, 0.7f, -0.1f});
    vectors.put(3L, new float[] {0.7f, 0.3f, 0});
    vectors.put(4L, new float[3]);
    TierRequestBuilder builder = new TierRequestBuilder(tiers);
    builder.beginSample(new long[] {1, 1, 2, 3, 4, 9});
    builder.addImpression(1);
    builder.addImpression(4);
    builder.addImpression(9);
    builder.addImpression(0);
    int[] counts = count(builder.build(), 3, ComputeCrew.alone(), vectors::get);
    int[] expected = new int[4 * tiers];
    expected[tiers - 1] += 2;
    expected[0] += 1;
    expected[tiers / 2] += 1;
    assertThat(counts).isEqualTo(expected);
  }

  @Test
  void cosinesBeyondTheEdgesByRoundingCountAtThem() {
    assertThat(TierCounter.tierOf(-1.0000001, 8)).isZero();
    assertThat(TierCounter.tierOf(-1, 8)).isZero();
    assertThat(TierCounter.tierOf(-0.75, 8)).isEqualTo(1);
    assertThat(TierCounter.tierOf(0, 8)).isEqualTo(4);
    assertThat(TierCounter.tierOf(0.9999999, 8)).isEqualTo(7);
    assertThat(TierCounter.tierOf(1.0000001, 8)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 15, 512, 700, 1024, 4096})
  void theProductIsTheSumOfProducts(int dimension) {
    Map<Long, float[]> vectors = vectors(dimension, 9);
    double sum = 0;
    for (int d = 0; d < dimension; d++) {
      sum += (double) vectors.get(1L)[d] * vectors.get(2L)[d];
    }
    assertThat((double) new DotProduct(dimension).of(vectors.get(1L), vectors.get(2L)))
        .isCloseTo(sum, within(1e-6 * dimension));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void partsAddUpToTheWhole(int servers) {
    RandomTiers samples = RandomTiers.of(80, IMAGES, image -> image + 1, 2);
    Map<Long, float[]> vectors = vectors(16, 4);
    TierRequest whole = samples.request(8);
    TierSplit split = TierSplit.of(whole, servers);
    int[] all = split.noCounts();
    for (int server = 0; server < servers; server++) {
      TierRequest part = split.part(server);
      int owner = server;
      assertThat(Arrays.stream(part.behaviorImageKeys()).boxed())
          .allMatch(key -> Buckets.serverOf(key, servers) == owner);
      assertThat(part.ads()).doesNotContain(TierRequest.NO_IMAGE);
      split.add(server, count(part, 16, ComputeCrew.alone(), vectors::get), all);
    }
    assertThat(all).isEqualTo(samples.histograms(8, vectors::get));
    assertThatThrownBy(() -> split.add(0, new int[1], all))
        .hasMessageContaining("answered 1 count");
  }

  /** A server without any of a sample's behaviours does not hear of its impressions. */
  @Test
  void aServerIsAskedOfNothingThatItDoesNotOwn() {
    TierRequestBuilder builder = new TierRequestBuilder(4);
    builder.beginSample(new long[] {1, 3});
    builder.addImpression(7);
    builder.beginSample(new long[] {2, 2, 3});
    builder.addImpression(8);
    builder.addImpression(0);
    builder.beginSample(new long[0]);
    builder.addImpression(9);
    builder.beginSample(new long[] {2});
    builder.addImpression(0);
    TierSplit split = TierSplit.of(builder.build(), 2);
    TierRequest even = split.part(0);
    assertThat(even.adImageKeys()).containsExactly(8);
    assertThat(even.behaviorImageKeys()).containsExactly(2);
    assertThat(even.behaviors()).containsExactly(0, 0);
    assertThat(even.ads()).containsExactly(0);
    TierRequest odd = split.part(1);
    assertThat(odd.adImageKeys()).containsExactly(7, 8);
    assertThat(odd.behaviorImageKeys()).containsExactly(1, 3);
    assertThat(odd.behaviorEnds()).containsExactly(2, 3);
    assertThat(TierSplit.of(TierRequest.NONE, 2).part(1).isEmpty()).isTrue();
  }

  @Test
  void aRequestThatContradictsItselfIsRefused() {
    long[] one = {1};
    int[] none = {};
    for (TierRequestParts wrong :
        List.of(
            new TierRequestParts(1, one, new int[] {0}, new int[] {1}, new int[] {0}),
            new TierRequestParts(65, one, new int[] {0}, new int[] {1}, new int[] {0}),
            new TierRequestParts(8, one, new int[] {1}, new int[] {1}, new int[] {0}),
            new TierRequestParts(8, one, new int[] {0}, new int[] {1}, new int[] {1}),
            new TierRequestParts(8, one, new int[] {0}, new int[] {2}, new int[] {0}),
            new TierRequestParts(8, one, new int[] {0}, none, new int[] {0}))) {
      assertThatThrownBy(wrong::request)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("Cannot ask for tier histograms: ");
    }
  }

  private record TierRequestParts(
      int tiers, long[] keys, int[] behaviors, int[] behaviorEnds, int[] ads) {
    TierRequest request() {
      return new TierRequest(tiers, keys, keys, behaviors, behaviorEnds, ads, new int[] {1});
    }
  }
}
