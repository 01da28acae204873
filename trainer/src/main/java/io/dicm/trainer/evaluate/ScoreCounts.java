package io.dicm.trainer.evaluate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/** The shuffle's value: impressions of one score. Reused by Hadoop between records. */
public final class ScoreCounts implements Writable {
  private long clicked;
  private long unclicked;

  /** For Hadoop. */
  public ScoreCounts() {}

  ScoreCounts(long clicked, long unclicked) {
    this.clicked = clicked;
    this.unclicked = unclicked;
  }

  long clicked() {
    return clicked;
  }

  long unclicked() {
    return unclicked;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    WritableUtils.writeVLong(out, clicked);
    WritableUtils.writeVLong(out, unclicked);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    clicked = WritableUtils.readVLong(in);
    unclicked = WritableUtils.readVLong(in);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoreCounts counts
        && clicked == counts.clicked
        && unclicked == counts.unclicked;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(31 * clicked + unclicked);
  }

  @Override
  public String toString() {
    return clicked + "/" + unclicked;
  }
}
