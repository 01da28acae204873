package io.dicm.trainer.evaluate;

import org.apache.hadoop.io.WritableComparator;
import org.apache.hadoop.io.WritableUtils;

/** Sorts serialised {@link ScoreKey}s without making objects; the order of its compareTo. */
public final class ScoreOrder extends WritableComparator {
  private static final int SCORE_BYTES = 8;

  /** For Hadoop. */
  public ScoreOrder() {
    super(ScoreKey.class);
  }

  @Override
  public int compare(byte[] b1, int s1, int l1, byte[] b2, int s2, int l2) {
    int order = Byte.compare(b1[s1], b2[s2]);
    if (order == 0) {
      order = compareGroups(b1, s1, l1, b2, s2, l2);
    }
    return order == 0
        ? Double.compare(
            readDouble(b1, s1 + l1 - SCORE_BYTES), readDouble(b2, s2 + l2 - SCORE_BYTES))
        : order;
  }

  /** A key is the kind's byte, the group (a variable-length byte count, then bytes), the score. */
  private static int compareGroups(byte[] b1, int s1, int l1, byte[] b2, int s2, int l2) {
    int from1 = s1 + 1 + WritableUtils.decodeVIntSize(b1[s1 + 1]);
    int from2 = s2 + 1 + WritableUtils.decodeVIntSize(b2[s2 + 1]);
    return compareBytes(
        b1, from1, s1 + l1 - SCORE_BYTES - from1, b2, from2, s2 + l2 - SCORE_BYTES - from2);
  }
}
