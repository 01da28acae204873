package io.dicm.trainer.sample;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/** What a samples directory knows of one item. Reused by Hadoop between records; for one thread. */
public final class ItemCounts implements Writable {
  private long trainExposures;
  private long trainClicks;
  private long firstSeenSeconds;

  /** Of an item without impressions: the neutral element of {@link #add}. For Hadoop, too. */
  public ItemCounts() {
    this(0, 0, Long.MAX_VALUE);
  }

  /**
   * @param trainExposures impressions in training
   * @param trainClicks clicked impressions in training
   * @param firstSeenSeconds the first impression, of training or test, seconds since 1970 UTC
   */
  public ItemCounts(long trainExposures, long trainClicks, long firstSeenSeconds) {
    this.trainExposures = trainExposures;
    this.trainClicks = trainClicks;
    this.firstSeenSeconds = firstSeenSeconds;
  }

  /** Adds what other impressions of the item say. */
  public void add(ItemCounts other) {
    add(other.trainExposures, other.trainClicks, other.firstSeenSeconds);
  }

  /** As {@link #add(ItemCounts)}. */
  public void add(long exposures, long clicks, long seenSeconds) {
    trainExposures += exposures;
    trainClicks += clicks;
    firstSeenSeconds = Math.min(firstSeenSeconds, seenSeconds);
  }

  /** Impressions in training. */
  public long trainExposures() {
    return trainExposures;
  }

  /** Clicked impressions in training. */
  public long trainClicks() {
    return trainClicks;
  }

  /** The first impression, of training or test, seconds since 1970 UTC. */
  public long firstSeenSeconds() {
    return firstSeenSeconds;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    WritableUtils.writeVLong(out, trainExposures);
    WritableUtils.writeVLong(out, trainClicks);
    WritableUtils.writeVLong(out, firstSeenSeconds);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    trainExposures = WritableUtils.readVLong(in);
    trainClicks = WritableUtils.readVLong(in);
    firstSeenSeconds = WritableUtils.readVLong(in);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ItemCounts same
        && trainExposures == same.trainExposures
        && trainClicks == same.trainClicks
        && firstSeenSeconds == same.firstSeenSeconds;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(31 * (31 * trainExposures + trainClicks) + firstSeenSeconds);
  }

  @Override
  public String toString() {
    return trainClicks + " of " + trainExposures + " since " + firstSeenSeconds;
  }
}
