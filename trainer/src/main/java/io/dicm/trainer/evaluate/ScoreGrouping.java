package io.dicm.trainer.evaluate;

import org.apache.hadoop.io.WritableComparable;
import org.apache.hadoop.io.WritableComparator;

/** Gives all scores of a group to one reduce call, in ascending order. */
public final class ScoreGrouping extends WritableComparator {
  /** For Hadoop. */
  public ScoreGrouping() {
    super(ScoreKey.class, true);
  }

  @Override
  @SuppressWarnings("rawtypes") // Hadoop's signature.
  public int compare(WritableComparable first, WritableComparable second) {
    return ((ScoreKey) first).compareGroup((ScoreKey) second);
  }
}
