package io.dicm.trainer.samplejob;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.io.WritableComparator;
import org.apache.hadoop.io.WritableUtils;

/** Sorts serialised {@link UserEventKey}s without making objects; the order of its compareTo. */
public final class UserEventOrder extends WritableComparator {
  private static final int TIMESTAMP_BYTES = 8;

  /** For Hadoop. */
  public UserEventOrder() {
    super(UserEventKey.class);
  }

  @Override
  public int compare(byte[] b1, int s1, int l1, byte[] b2, int s2, int l2) {
    int user1 = textEnd(b1, s1);
    int user2 = textEnd(b2, s2);
    int order = compareTexts(b1, s1, user1, b2, s2, user2);
    if (order == 0) {
      order = Integer.compare(number(b1, user1), number(b2, user2));
    }
    int moment1 = user1 + WritableUtils.decodeVIntSize(b1[user1]);
    int moment2 = user2 + WritableUtils.decodeVIntSize(b2[user2]);
    if (order == 0) {
      order = Long.compare(readLong(b1, moment1), readLong(b2, moment2));
    }
    int kind1 = moment1 + TIMESTAMP_BYTES;
    int kind2 = moment2 + TIMESTAMP_BYTES;
    if (order == 0) {
      order = Byte.compare(b1[kind1], b2[kind2]);
    }
    return order == 0 ? compareTexts(b1, kind1 + 1, s1 + l1, b2, kind2 + 1, s2 + l2) : order;
  }

  /** Compares the users and their segments only. */
  static int compareSegments(byte[] b1, int s1, byte[] b2, int s2) {
    int user1 = textEnd(b1, s1);
    int user2 = textEnd(b2, s2);
    int order = compareTexts(b1, s1, user1, b2, s2, user2);
    return order == 0 ? Integer.compare(number(b1, user1), number(b2, user2)) : order;
  }

  /** Compares two serialised texts: a variable-length byte count, then the bytes. */
  private static int compareTexts(byte[] b1, int s1, int end1, byte[] b2, int s2, int end2) {
    int from1 = s1 + WritableUtils.decodeVIntSize(b1[s1]);
    int from2 = s2 + WritableUtils.decodeVIntSize(b2[s2]);
    return compareBytes(b1, from1, end1 - from1, b2, from2, end2 - from2);
  }

  private static int textEnd(byte[] bytes, int start) {
    return start + WritableUtils.decodeVIntSize(bytes[start]) + number(bytes, start);
  }

  /** A number of variable length. */
  private static int number(byte[] bytes, int start) {
    try {
      return readVInt(bytes, start);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
