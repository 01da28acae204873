package io.dicm.common.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TestBuckets {
  @Test
  void bucketIsTheLowTenBits() {
    assertThat(Buckets.COUNT).isEqualTo(1024);
    assertThat(Buckets.of(0)).isZero();
    assertThat(Buckets.of(1023)).isEqualTo(1023);
    assertThat(Buckets.of(1024)).isZero();
    assertThat(Buckets.of(0x1234_5678_9ABC_DEF0L)).isEqualTo(0x2F0);
  }

  @Test
  void negativeKeysHaveBucketsToo() {
    assertThat(Buckets.of(-1)).isEqualTo(1023);
    assertThat(Buckets.of(Long.MIN_VALUE)).isZero();
  }

  @Test
  void serverOwnsWholeBuckets() {
    for (int servers = 1; servers <= 7; servers++) {
      for (long key = -3000; key < 3000; key++) {
        assertThat(Buckets.serverOf(key, servers)).isEqualTo(Buckets.of(key) % servers);
      }
    }
  }

  @Test
  void keysSpreadEvenlyOverBuckets() {
    int[] counts = new int[Buckets.COUNT];
    for (int i = 0; i < 102_400; i++) {
      counts[Buckets.of(Fingerprints.imageKey("image-" + i))]++;
    }
    // 100 expected in each, with a standard deviation of 10.
    assertThat(Arrays.stream(counts)).allMatch(count -> count > 40 && count < 160);
  }
}
