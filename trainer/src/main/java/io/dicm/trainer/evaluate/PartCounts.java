package io.dicm.trainer.evaluate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/**
 * How many impressions of each part there are, and how many of them score below one range of
 * scores: what a reducer needs to know the ranks of its own impressions. Reused by Hadoop between
 * records; for one thread.
 */
public final class PartCounts implements Writable {
  private long[] total;
  private long[] below;

  /** For Hadoop. */
  public PartCounts() {
    this(0);
  }

  /** All zeros. */
  PartCounts(int parts) {
    this(new long[parts], new long[parts]);
  }

  /**
   * @param total impressions of each part, [parts]
   * @param below those of them with scores below the range, [parts]
   */
  PartCounts(long[] total, long[] below) {
    this.total = total;
    this.below = below;
  }

  long total(int part) {
    return total[part];
  }

  long below(int part) {
    return below[part];
  }

  /** Adds the counts of other impressions, for the same range. */
  void add(PartCounts other) {
    for (int part = 0; part < total.length; part++) {
      total[part] += other.total[part];
      below[part] += other.below[part];
    }
  }

  @Override
  public void write(DataOutput out) throws IOException {
    WritableUtils.writeVInt(out, total.length);
    for (int part = 0; part < total.length; part++) {
      WritableUtils.writeVLong(out, total[part]);
      WritableUtils.writeVLong(out, below[part]);
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    total = new long[WritableUtils.readVInt(in)];
    below = new long[total.length];
    for (int part = 0; part < total.length; part++) {
      total[part] = WritableUtils.readVLong(in);
      below[part] = WritableUtils.readVLong(in);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PartCounts same
        && Arrays.equals(total, same.total)
        && Arrays.equals(below, same.below);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(total) + Arrays.hashCode(below);
  }

  @Override
  public String toString() {
    return "below " + Arrays.toString(below) + " of " + Arrays.toString(total);
  }
}
