package io.dicm.trainer.sample;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Objects;
import org.apache.hadoop.io.Writable;
import org.apache.hadoop.io.WritableUtils;

/** What a samples directory knows of one item. Reused by Hadoop between records; for one thread. */
public final class ItemCounts implements Writable {
  private long trainExposures;
  private long trainClicks;
  private long shownExposures;
  private long firstSeenSeconds;

  /** Of an item without impressions: the neutral element of {@link #add}. For Hadoop, too. */
  public ItemCounts() {
    this(0, 0, 0, Long.MAX_VALUE);
  }

  /**
   * @param trainExposures impressions in the training samples
   * @param trainClicks clicked impressions in the training samples
   * @param shownExposures impressions that training was shown before samples left any of them out;
   *     0 for an item that is held out
   * @param firstSeenSeconds the first impression in the log, in a sample or not, seconds since 1970
   *     UTC
   */
  public ItemCounts(
      long trainExposures, long trainClicks, long shownExposures, long firstSeenSeconds) {
    this.trainExposures = trainExposures;
    this.trainClicks = trainClicks;
    this.shownExposures = shownExposures;
    this.firstSeenSeconds = firstSeenSeconds;
  }

  /** Adds what other impressions of the item say. */
  public void add(ItemCounts other) {
    trainExposures += other.trainExposures;
    trainClicks += other.trainClicks;
    shownExposures += other.shownExposures;
    firstSeenSeconds = Math.min(firstSeenSeconds, other.firstSeenSeconds);
  }

  /** Adds impressions of a sample: {@code exposures} of training, so many of them clicked. */
  public void add(long exposures, long clicks, long seenSeconds) {
    trainExposures += exposures;
    trainClicks += clicks;
    shownExposures += exposures;
    firstSeenSeconds = Math.min(firstSeenSeconds, seenSeconds);
  }

  /** Impressions in the training samples. */
  public long trainExposures() {
    return trainExposures;
  }

  /** Clicked impressions in the training samples. */
  public long trainClicks() {
    return trainClicks;
  }

  /** Impressions that training was shown before samples left any of them out. */
  public long shownExposures() {
    return shownExposures;
  }

  /** The first impression in the log, in a sample or not, seconds since 1970 UTC. */
  public long firstSeenSeconds() {
    return firstSeenSeconds;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    WritableUtils.writeVLong(out, trainExposures);
    WritableUtils.writeVLong(out, trainClicks);
    WritableUtils.writeVLong(out, shownExposures);
    WritableUtils.writeVLong(out, firstSeenSeconds);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    trainExposures = WritableUtils.readVLong(in);
    trainClicks = WritableUtils.readVLong(in);
    shownExposures = WritableUtils.readVLong(in);
    firstSeenSeconds = WritableUtils.readVLong(in);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ItemCounts same
        && trainExposures == same.trainExposures
        && trainClicks == same.trainClicks
        && shownExposures == same.shownExposures
        && firstSeenSeconds == same.firstSeenSeconds;
  }

  @Override
  public int hashCode() {
    return Objects.hash(trainExposures, trainClicks, shownExposures, firstSeenSeconds);
  }

  @Override
  public String toString() {
    return trainClicks
        + " of "
        + trainExposures
        + ", shown "
        + shownExposures
        + ", since "
        + firstSeenSeconds;
  }
}
