package io.dicm.trainer.evaluate;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.WritableComparable;

/**
 * The shuffle's key: a group of impressions, then the score. What counts impressions comes before
 * them. Reused by Hadoop between records.
 */
public final class ScoreKey implements WritableComparable<ScoreKey> {
  private static final byte RANGE = 0;
  private static final byte ALL = 1;
  private static final byte USER = 2;

  private static final Comparator<ScoreKey> ORDER =
      Comparator.comparingInt((ScoreKey key) -> key.kind)
          .thenComparing(key -> key.group)
          .thenComparingDouble(key -> key.score);

  private final Text group = new Text();
  private byte kind;
  private double score;

  /** For Hadoop. */
  public ScoreKey() {}

  private ScoreKey(byte kind, String group, double score) {
    this.kind = kind;
    this.group.set(group);
    this.score = score;
  }

  /**
   * The group of the counts for one range.
   *
   * @param leastScore of the range
   */
  static ScoreKey ofRange(double leastScore) {
    return new ScoreKey(RANGE, "", leastScore);
  }

  /** The group of all impressions. */
  static ScoreKey ofAll(double score) {
    return new ScoreKey(ALL, "", score);
  }

  /** The group of one user's impressions. */
  static ScoreKey ofUser(String userId, double score) {
    return new ScoreKey(USER, userId, score);
  }

  boolean isRange() {
    return kind == RANGE;
  }

  boolean isUser() {
    return kind == USER;
  }

  double score() {
    return score;
  }

  /** The order of groups, whatever the scores. */
  int compareGroup(ScoreKey other) {
    int order = Byte.compare(kind, other.kind);
    return order == 0 ? group.compareTo(other.group) : order;
  }

  /** Equal for all keys of one group. */
  int groupHash() {
    return 31 * group.hashCode() + kind;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    out.writeByte(kind);
    group.write(out);
    out.writeDouble(score);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    kind = in.readByte();
    group.readFields(in);
    score = in.readDouble();
  }

  @Override
  public int compareTo(ScoreKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ScoreKey key && compareTo(key) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * groupHash() + Double.hashCode(score);
  }

  @Override
  public String toString() {
    return kind + "/" + group + "/" + score;
  }
}
