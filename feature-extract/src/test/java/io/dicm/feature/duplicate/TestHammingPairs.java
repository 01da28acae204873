package io.dicm.feature.duplicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestHammingPairs {
  private record Pair(int first, int second) {}

  @ParameterizedTest
  @CsvSource({
    "0,8", "1,8", "2,0", "50,3", "300,0", "300,1", "300,7", "300,8", "300,12", "300,32", "2000,5",
    "2000,10", "2000,16", "5000,8"
  })
  void findsWhatComparingAllFinds(int count, int maxDistance) {
    for (int seed = 0; seed < 3; seed++) {
      long[] hashes = clustered(count, new Random(seed));

      // Each pair once, whatever the order; AssertJ's own comparison takes all pairs of pairs.
      assertThat(inOrder(found(hashes, maxDistance)))
          .as("seed %s", seed)
          .isEqualTo(byComparingAll(hashes, maxDistance));
    }
  }

  @Test
  void findsDifferencesWhereverTheyAre() {
    for (int bit = 0; bit < Long.SIZE; bit++) {
      long[] hashes = {
        0x0123456789ABCDEFL, 0x0123456789ABCDEFL ^ (1L << bit) ^ 1L << (bit + 7) % 64
      };

      assertThat(found(hashes, 2)).as("bit %s", bit).containsExactly(new Pair(0, 1));
      assertThat(found(hashes, 1)).as("bit %s", bit).isEmpty();
    }
  }

  private static List<Pair> found(long[] hashes, int maxDistance) {
    List<Pair> pairs = new ArrayList<>();
    new HammingPairs(hashes, maxDistance).forEach((one, other) -> pairs.add(new Pair(one, other)));
    return pairs;
  }

  private static List<Pair> inOrder(List<Pair> pairs) {
    return pairs.stream()
        .sorted(Comparator.comparingInt(Pair::first).thenComparingInt(Pair::second))
        .toList();
  }

  /** In their order. */
  private static List<Pair> byComparingAll(long[] hashes, int maxDistance) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < hashes.length; i++) {
      for (int j = i + 1; j < hashes.length; j++) {
        if (Long.bitCount(hashes[i] ^ hashes[j]) <= maxDistance) {
          pairs.add(new Pair(i, j));
        }
      }
    }
    return pairs;
  }

  /** Different hashes, most of them a few bits from an earlier one. */
  private static long[] clustered(int count, Random random) {
    return random
        .longs()
        .map(
            hash -> {
              long changed = random.nextInt(count / 4 + 1) * 0x9E3779B97F4A7C15L;
              int changes = random.nextInt(14);
              for (int i = 0; i < changes; i++) {
                changed ^= 1L << random.nextInt(Long.SIZE);
              }
              return changes == 13 ? hash : changed;
            })
        .distinct()
        .limit(count)
        .toArray();
  }
}
