package io.dicm.ams.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.dicm.common.error.DicmException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TestKeyLists {
  private static long[] ascending(LongStream keys) {
    return keys.distinct()
        .boxed()
        .sorted(Long::compareUnsigned)
        .mapToLong(Long::longValue)
        .toArray();
  }

  private static void assertComesBack(long... keys) {
    assertThat(KeyLists.keys(KeyLists.of(keys), "keys")).isEqualTo(keys);
  }

  @Test
  void anyKeysComeBack() {
    for (int seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int bits = 1 + random.nextInt(64);
      assertComesBack(
          ascending(random.longs(random.nextInt(200)).map(key -> key >>> (Long.SIZE - bits))));
    }
  }

  @Test
  void extremeKeysComeBack() {
    assertComesBack();
    assertComesBack(0);
    assertComesBack(-1);
    assertComesBack(0, -1);
    assertComesBack(0, 1, 2, 3, Long.MAX_VALUE, Long.MIN_VALUE, -2, -1);
    assertComesBack(LongStream.range(0, 1000).toArray());
    long[] oneFar = LongStream.range(0, 1000).toArray();
    oneFar[999] = -1;
    assertComesBack(oneFar);
  }

  @Test
  void hashesTakeCloseToTheirEntropy() {
    int count = 4096;
    ByteString bytes = KeyLists.of(ascending(new Random(1).longs(count)));
    double bitsPerKey = 8.0 * bytes.size() / count;
    assertThat(bitsPerKey).isBetween(64 - 12 + 1.4, 64 - 12 + 2.0);
  }

  @Test
  void refusesKeysOutOfOrder() {
    assertThatThrownBy(() -> KeyLists.of(new long[] {1, 3, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at 2");
    assertThatThrownBy(() -> KeyLists.of(new long[] {-1, 3}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theHeaderAloneTellsTheNumberOfKeys() {
    assertThat(KeyLists.count(ByteString.EMPTY, "keys")).isZero();
    byte[] bytes = KeyLists.of(ascending(new Random(4).longs(50))).toByteArray();
    Arrays.fill(bytes, 5, bytes.length, (byte) 0xFF);
    ByteString damaged = ByteString.copyFrom(bytes);
    assertThat(KeyLists.count(damaged, "keys")).isEqualTo(50);
    assertThatThrownBy(() -> KeyLists.keys(damaged, "keys")).isInstanceOf(DicmException.class);
    assertThatThrownBy(() -> KeyLists.count(damaged.substring(0, 8), "keys"))
        .hasMessageContaining("50 keys of ");
  }

  @Test
  void refusesAnAbsurdCountBeforeMakingRoomForIt() {
    byte[] bytes = KeyLists.of(new long[] {5, 700}).toByteArray();
    bytes[3] = 0x7F;
    assertThatThrownBy(() -> KeyLists.keys(ByteString.copyFrom(bytes), "id_keys"))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("Cannot read id_keys: 2130706434 keys of 8 low bits cannot be in");
  }

  /** Of one bit each, so that the bits there are would do. */
  @Test
  void refusesMoreKeysThanAListMayHave() {
    byte[] bytes = new byte[5 + (1 << 22)];
    bytes[3] = 2;
    assertThatThrownBy(() -> KeyLists.keys(ByteString.copyFrom(bytes), "id_keys"))
        .isInstanceOf(DicmException.class)
        .hasMessageContaining("33554432 keys of 0 low bits");
  }

  /** Whatever arrives: keys in ascending order or a refusal, never another exception. */
  @Test
  void damagedBytesNeverGiveDisorderedKeys() {
    byte[] good = KeyLists.of(ascending(new Random(2).longs(50))).toByteArray();
    Random random = new Random(3);
    int refused = 0;
    for (int trial = 0; trial < 5000; trial++) {
      byte[] bad = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        long[] keys = KeyLists.keys(ByteString.copyFrom(bad), "keys");
        for (int i = 1; i < keys.length; i++) {
          assertThat(Long.compareUnsigned(keys[i - 1], keys[i])).isNegative();
        }
      } catch (DicmException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(4000);
  }
}
