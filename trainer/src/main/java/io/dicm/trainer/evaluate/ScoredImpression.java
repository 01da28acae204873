package io.dicm.trainer.evaluate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/** An impression without its score, as shuffled. Reused by Hadoop between records. */
public final class ScoredImpression implements Writable {
  private long userKey;
  private boolean clicked;
  private int[] parts = new int[SliceParts.SLICES];

  /** For Hadoop. */
  public ScoredImpression() {}

  /**
   * @param userKey a hash of the user
   * @param parts numbers of the parts that it belongs to, [slices]
   */
  ScoredImpression(long userKey, boolean clicked, int[] parts) {
    this.userKey = userKey;
    this.clicked = clicked;
    this.parts = parts;
  }

  long userKey() {
    return userKey;
  }

  boolean clicked() {
    return clicked;
  }

  /** Valid until Hadoop reads the next record. */
  int[] parts() {
    return parts;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeLong(userKey);
    out.writeBoolean(clicked);
    for (int part : parts) {
      WritableUtils.writeVInt(out, part);
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    userKey = in.readLong();
    clicked = in.readBoolean();
    for (int slice = 0; slice < parts.length; slice++) {
      parts[slice] = WritableUtils.readVInt(in);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoredImpression same
        && userKey == same.userKey
        && clicked == same.clicked
        && Arrays.equals(parts, same.parts);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(userKey) + Boolean.hashCode(clicked) + Arrays.hashCode(parts);
  }

  @Override
  public String toString() {
    return userKey + (clicked ? " clicked " : " not clicked ") + Arrays.toString(parts);
  }
}
