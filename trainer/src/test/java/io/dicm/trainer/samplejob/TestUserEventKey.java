package io.dicm.trainer.samplejob;

import static org.assertj.core.api.Assertions.assertThat;

import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.hadoop.io.DataInputBuffer;
import org.apache.hadoop.io.DataOutputBuffer;
import org.junit.jupiter.api.Test;

class TestUserEventKey {
  private static final UserEvent COUNT = new ImpressionCount(1, 0);
  private static final UserEvent SHOWN = new Shown(null);
  private static final UserEvent CLICKED = new Clicked(0, new long[0], false);

  @Test
  void ordersByUserThenSegmentThenTimeThenKindThenTie() {
    List<UserEventKey> ordered =
        List.of(
            key("a", 99, COUNT, ""),
            key("a", 7, SHOWN, "i"),
            key("a", 7, SHOWN, "j"),
            key("a", 7, CLICKED, "a"),
            key("a", 8, SHOWN, "a"),
            key("a", 0, COUNT, "").inSegment(1),
            key("a", 7, CLICKED, "a").inSegment(1),
            key("a", 9, SHOWN, "a").inSegment(1),
            key("a", 1, SHOWN, "a").inSegment(300),
            key("aa", 1, SHOWN, "a"),
            key("b", 0, COUNT, ""));

    assertThat(ordered).isSorted();
  }

  @Test
  void serialisedKeysSortAsKeysDo() throws IOException {
    Random random = new Random(4);
    List<UserEventKey> keys = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String user = "\u00e9u".repeat(random.nextInt(3) * 30);
      UserEvent event = List.of(COUNT, SHOWN, CLICKED).get(random.nextInt(3));
      int segment = List.of(0, 0, 1, 500).get(random.nextInt(4));
      keys.add(
          key(user + random.nextInt(3), random.nextInt(3), event, "t" + random.nextInt(3))
              .inSegment(segment));
    }
    UserEventOrder order = new UserEventOrder();
    UserGrouping grouping = new UserGrouping();

    for (UserEventKey first : keys) {
      for (UserEventKey second : keys) {
        byte[] a = bytes(first);
        byte[] b = bytes(second);
        assertThat(Integer.signum(order.compare(a, 1, a.length - 1, b, 1, b.length - 1)))
            .isEqualTo(Integer.signum(first.compareTo(second)));
        int users = first.userId().compareTo(second.userId());
        int segments = users == 0 ? Integer.compare(first.segment(), second.segment()) : users;
        assertThat(Integer.signum(grouping.compare(a, 1, a.length - 1, b, 1, b.length - 1)))
            .isEqualTo(Integer.signum(segments))
            .isEqualTo(Integer.signum(grouping.compare(first, second)));
      }
    }
  }

  @Test
  void partitionsByUserAndSegmentOnlyAndEvenly() {
    UserPartitioner partitioner = new UserPartitioner();
    int[] users = new int[4];
    for (int i = 0; i < 4000; i++) {
      String user = Integer.toString(i);
      int partition = partitioner.getPartition(key(user, i, SHOWN, "x"), null, 4);
      assertThat(partitioner.getPartition(key(user, 1, CLICKED, ""), null, 4)).isEqualTo(partition);
      UserEventKey next = key(user, i, SHOWN, "x").inSegment(5);
      assertThat(partitioner.getPartition(next, null, 4)).isEqualTo((partition + 1) % 4);
      users[partition]++;
    }

    for (int count : users) {
      assertThat(count).isBetween(900, 1100);
    }
  }

  private static UserEventKey key(String user, long timestamp, UserEvent event, String tie) {
    return new UserEventKey(user, timestamp, event, tie);
  }

  /** The serialised key, from position 1 on. */
  private static byte[] bytes(UserEventKey key) throws IOException {
    DataOutputBuffer out = new DataOutputBuffer();
    out.writeByte(77);
    key.write(out);
    byte[] bytes = java.util.Arrays.copyOf(out.getData(), out.getLength());
    DataInputBuffer in = new DataInputBuffer();
    in.reset(bytes, 1, bytes.length - 1);
    UserEventKey copy = new UserEventKey();
    copy.readFields(in);
    assertThat(copy).isEqualTo(key);
    return bytes;
  }
}
