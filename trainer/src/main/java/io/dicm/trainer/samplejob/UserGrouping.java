package io.dicm.trainer.samplejob;

import org.apache.hadoop.io.WritableComparable;
import org.apache.hadoop.io.WritableComparator;

/** Gives all events of a user to one reduce call, in their order. */
public final class UserGrouping extends WritableComparator {
  /** For Hadoop. */
  public UserGrouping() {
    super(UserEventKey.class, true);
  }

  @Override
  public int compare(byte[] b1, int s1, int l1, byte[] b2, int s2, int l2) {
    return UserEventOrder.compareUsers(b1, s1, b2, s2);
  }

  @Override
  @SuppressWarnings("rawtypes") // Hadoop's signature.
  public int compare(WritableComparable first, WritableComparable second) {
    return ((UserEventKey) first).userId().compareTo(((UserEventKey) second).userId());
  }
}
