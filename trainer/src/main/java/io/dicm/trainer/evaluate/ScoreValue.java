package io.dicm.trainer.evaluate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Writable;

/**
 * The shuffle's value: counts with the key {@link ScoreKey#ofRange}, an impression with any other.
 * Reused by Hadoop between records.
 */
public final class ScoreValue implements Writable {
  private final ScoredImpression impression;
  private final PartCounts counts;
  private boolean isImpression;

  /** For Hadoop. */
  public ScoreValue() {
    this(new ScoredImpression(), new PartCounts(), true);
  }

  private ScoreValue(ScoredImpression impression, PartCounts counts, boolean isImpression) {
    this.impression = impression;
    this.counts = counts;
    this.isImpression = isImpression;
  }

  static ScoreValue of(ScoredImpression impression) {
    return new ScoreValue(impression, new PartCounts(), true);
  }

  static ScoreValue of(PartCounts counts) {
    return new ScoreValue(new ScoredImpression(), counts, false);
  }

  /** Valid until Hadoop reads the next record. */
  ScoredImpression impression() {
    return impression;
  }

  /** As {@link #impression}. */
  PartCounts counts() {
    return counts;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeBoolean(isImpression);
    content().write(out);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    isImpression = in.readBoolean();
    content().readFields(in);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoreValue same && content().equals(same.content());
  }

  @Override
  public int hashCode() {
    return content().hashCode();
  }

  @Override
  public String toString() {
    return content().toString();
  }

  private Writable content() {
    return isImpression ? impression : counts;
  }
}
