package io.dicm.feature.job;

import io.dicm.feature.store.BucketOrder;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.WritableComparable;

/** An image key between mapper and reducer, in the order of the store's files. */
public final class ImageKey implements WritableComparable<ImageKey> {
  private long value;

  /** For Hadoop, which fills it by {@link #readFields}. */
  public ImageKey() {}

  public ImageKey(long value) {
    this.value = value;
  }

  public long value() {
    return value;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeLong(value);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    value = in.readLong();
  }

  @Override
  public int compareTo(ImageKey other) {
    return BucketOrder.compare(value, other.value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageKey key && key.value == value;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(value);
  }

  @Override
  public String toString() {
    return Long.toString(value);
  }
}
