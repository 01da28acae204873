package io.dicm.trainer.samplejob;

import org.apache.hadoop.io.WritableComparable;
import org.apache.hadoop.io.WritableComparator;

/** Gives all events of a user, or of a user's segment, to one reduce call, in their order. */
public final class UserGrouping extends WritableComparator {
  /** For Hadoop. */
  public UserGrouping() {
    super(UserEventKey.class, true);
  }

  @Override
  public int compare(byte[] b1, int s1, int l1, byte[] b2, int s2, int l2) {
    return UserEventOrder.compareSegments(b1, s1, b2, s2);
  }

  @Override
  @SuppressWarnings("rawtypes") // Hadoop's signature.
  public int compare(WritableComparable first, WritableComparable second) {
    UserEventKey a = (UserEventKey) first;
    UserEventKey b = (UserEventKey) second;
    int order = a.userId().compareTo(b.userId());
    return order == 0 ? Integer.compare(a.segment(), b.segment()) : order;
  }
}
