package io.dicm.ams.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dicm.common.key.Buckets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TestKeySplit {
  @Test
  void whatIsPartedIsJoinedInTheSameOrder() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      int servers = 1 + random.nextInt(5);
      long[] keys = random.longs(random.nextInt(50)).toArray();
      if (keys.length > 3) {
        keys[2] = 0;
      }
      float[] values = new float[keys.length * 2];
      for (int i = 0; i < values.length; i++) {
        values[i] = keys[i / 2] == 0 ? 0 : i + 1;
      }
      KeySplit split = KeySplit.of(keys, servers);
      float[] joined = split.allRows(2);
      int count = 0;
      for (int server = 0; server < servers; server++) {
        for (long key : split.keysOf(server)) {
          assertThat(Buckets.serverOf(key, servers)).isEqualTo(server);
          assertThat(key).isNotZero();
        }
        count += split.keysOf(server).length;
        split.join(server, split.part(server, values, 2), joined, 2);
      }
      assertThat(count).isEqualTo(keys.length > 3 ? keys.length - 1 : keys.length);
      assertThat(joined).isEqualTo(values);
    }
  }

  @Test
  void refusesAnAnswerOfTheWrongLength() {
    KeySplit split = KeySplit.of(new long[] {4, 8}, 1);
    assertThatThrownBy(() -> split.join(0, new float[3], split.allRows(2), 2))
        .hasMessage("Server 0 answered 3 values for 2 keys");
  }
}
