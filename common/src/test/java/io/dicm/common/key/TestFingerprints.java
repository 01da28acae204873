package io.dicm.common.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The pinned values lie in users' stores: a change of any of them loses their data. */
class TestFingerprints {
  @Test
  void imageKeysNeverChange() {
    // FarmHash's own constant k2, 0x9ae16a3b2f90404f, is its hash of nothing.
    assertThat(Fingerprints.imageKey("")).isEqualTo(-7286425919675154353L);
    assertThat(Fingerprints.imageKey("1")).isEqualTo(-9142586270102516767L);
    assertThat(Fingerprints.imageKey("img-000042")).isEqualTo(3075082363676215330L);
    assertThat(Fingerprints.imageKey("Größe 漢字")).isEqualTo(-4596706713585872498L);
  }

  @Test
  void idKeysNeverChange() {
    assertThat(Fingerprints.idKey("item_id", "42")).isEqualTo(8447174899995957269L);
    assertThat(Fingerprints.idKey("category", "shoes")).isEqualTo(-7382327313962286956L);
    assertThat(Fingerprints.idKey("category", "")).isEqualTo(-8657481115341782074L);
  }

  @Test
  void crossKeysNeverChange() {
    long pair = Fingerprints.pairKey("age", "category");

    assertThat(pair).isEqualTo(-2756872224394566321L);
    assertThat(Fingerprints.crossKey(pair, 1, 2)).isEqualTo(-4448603168003659169L);
    assertThat(Fingerprints.crossKey(pair, -1, Long.MIN_VALUE)).isEqualTo(-4416496029532336335L);
  }

  @Test
  void crossesOfAnyOrderAndPairHaveKeysOfTheirOwn() {
    Set<Long> keys = new HashSet<>();
    for (long pair = 1; pair <= 20; pair++) {
      for (long first = 1; first <= 50; first++) {
        for (long second = 1; second <= 50; second++) {
          keys.add(Fingerprints.crossKey(pair, first, second));
        }
      }
    }
    assertThat(keys).hasSize(50_000).doesNotContain(Fingerprints.NONE);
    assertThat(Fingerprints.pairKey("a", "b")).isNotEqualTo(Fingerprints.pairKey("b", "a"));
  }

  @Test
  void fieldNameAndValueDoNotRunTogether() {
    assertThat(Fingerprints.idKey("ab", "c")).isNotEqualTo(Fingerprints.idKey("a", "bc"));
    assertThat(Fingerprints.idKey("user_id", "7")).isNotEqualTo(Fingerprints.idKey("item_id", "7"));
  }

  @Test
  void aHundredThousandIdsHaveKeysOfTheirOwn() {
    Set<Long> keys = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      keys.add(Fingerprints.imageKey("image-" + i));
    }
    assertThat(keys).hasSize(100_000).doesNotContain(Fingerprints.NONE);
  }
}
