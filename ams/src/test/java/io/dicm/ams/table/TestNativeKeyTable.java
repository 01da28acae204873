package io.dicm.ams.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.ams.memory.MemoryBudget;
import io.dicm.common.error.DicmException;
import io.dicm.common.error.ErrorCode;
import io.dicm.common.key.Buckets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestNativeKeyTable {
  private final MemoryBudget budget = new MemoryBudget("the keys", "Take fewer.", 1L << 27);
  private final NativeKeyTable table = new NativeKeyTable(budget);

  @AfterEach
  void closeFrees() {
    table.close();
    table.close();
    assertThat(budget.takenBytes()).isZero();
  }

  /**
   * Keys whose searches begin in one slot of one segment, as long as that has 16 to 1,024 slots.
   */
  private static long[] colliding(int count) {
    // The product's inverse: a key for each wanted product.
    long inverse = 0x9E3779B97F4A7C15L;
    for (int i = 0; i < 6; i++) {
      inverse *= 2 - 0x9E3779B97F4A7C15L * inverse;
    }
    long factor = inverse;
    return LongStream.range(1, count + 1).map(i -> ((i << 42) ^ (i << 10)) * factor).toArray();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void doesWhatAMapDoes(long seed) {
    Random random = new Random(seed);
    long[] keys =
        LongStream.concat(random.longs(300), LongStream.of(colliding(100)))
            .filter(key -> key != 0)
            .toArray();
    Map<Long, Integer> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      long key = keys[random.nextInt(keys.length)];
      if (random.nextInt(100) < 55) {
        int value = random.nextInt(Integer.MAX_VALUE);
        table.put(key, value);
        model.put(key, value);
      } else {
        table.remove(key);
        model.remove(key);
      }
      long asked = keys[random.nextInt(keys.length)];
      assertThat(table.valueOf(asked)).isEqualTo(model.getOrDefault(asked, NativeKeyTable.ABSENT));
      assertThat(table.size()).isEqualTo(model.size());
    }
    for (long key : keys) {
      assertThat(table.valueOf(key)).isEqualTo(model.getOrDefault(key, NativeKeyTable.ABSENT));
    }
  }

  @Test
  void collidingKeysKeepTheirNumbersThroughGrowthAndRemoval() {
    long[] keys = colliding(400);
    assertThat(LongStream.of(keys).distinct().count()).isEqualTo(keys.length);
    assertThat(LongStream.of(keys).map(key -> NativeKeyTable.hashOf(key) & 15).distinct().toArray())
        .hasSize(1);
    for (int i = 0; i < keys.length; i++) {
      table.put(keys[i], i);
    }
    for (int i = 0; i < keys.length; i += 3) {
      table.remove(keys[i]);
    }
    for (int i = 0; i < keys.length; i++) {
      assertThat(table.valueOf(keys[i])).isEqualTo(i % 3 == 0 ? NativeKeyTable.ABSENT : i);
    }
  }

  /** As on the last of 512 servers: two buckets, so that the low bits of all keys are the same. */
  @Test
  void growsOverAMillionKeysOfTwoBuckets() {
    Random random = new Random(7);
    int keys = 1_200_000;
    long[] all = new long[keys];
    for (int i = 0; i < keys; i++) {
      all[i] = (random.nextLong() & -Buckets.COUNT) | (i % 2 == 0 ? 511 : 1023);
      table.put(all[i], i);
    }
    assertThat(table.size()).isEqualTo(keys);
    for (int i = 0; i < keys; i++) {
      if (table.valueOf(all[i]) != i) {
        throw new AssertionError("Key " + i + " has " + table.valueOf(all[i]));
      }
    }
    // 12 bytes a slot, 30 to 60 % of slots taken.
    assertThat(budget.takenBytes()).isBetween(keys * 20L, keys * 40L);
  }

  /** What one insertion moves is a segment, not the table. */
  @Test
  void noInsertionTakesMuchMemoryAtOnce() {
    Random random = new Random(8);
    long most = 0;
    for (int i = 0; i < 1_000_000; i++) {
      long before = budget.takenBytes();
      table.put(random.nextLong() | 1, i);
      most = Math.max(most, budget.takenBytes() - before);
    }
    assertThat(most).isLessThan(budget.takenBytes() / 500);
  }

  @Test
  void hasNoNumberForNone() {
    assertThat(table.valueOf(0)).isEqualTo(NativeKeyTable.ABSENT);
    table.remove(0);
    assertThatThrownBy(() -> table.put(0, 1)).hasMessageContaining("Key 0 means none");
  }

  @Test
  void staysAsItWasWhenTheMemoryIsUsedUp() {
    MemoryBudget small = new MemoryBudget("the keys", "Take fewer.", 400_000);
    List<Long> added = new ArrayList<>();
    try (NativeKeyTable few = new NativeKeyTable(small)) {
      Random random = new Random(9);
      assertThatThrownBy(
              () -> {
                while (true) {
                  long key = random.nextLong();
                  few.put(key, added.size());
                  added.add(key);
                }
              })
          .extracting(e -> ((DicmException) e).code())
          .isEqualTo(ErrorCode.MEMORY_PLAN_TOO_LARGE);
      assertThat(few.size()).isEqualTo(added.size()).isPositive();
      for (int i = 0; i < added.size(); i++) {
        assertThat(few.valueOf(added.get(i))).isEqualTo(i);
      }
    }
    assertThat(small.takenBytes()).isZero();
  }
}
