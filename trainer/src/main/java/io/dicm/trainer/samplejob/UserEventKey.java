package io.dicm.trainer.samplejob;

import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.WritableComparable;
import org.apache.hadoop.io.WritableUtils;

/**
 * The shuffle's key: user, then segment, then moment, then kind, then item. The time of a user with
 * very many events is cut into segments, each of which one reduce call walks over; all others have
 * segment 0 alone. Counts come first, then clicks that come from earlier segments; at one moment
 * impressions come before clicks, so that a click of the same second is not yet known when an
 * impression is walked over. Reused by Hadoop between records.
 */
public final class UserEventKey implements WritableComparable<UserEventKey> {
  private static final byte COUNT = 0;
  private static final byte SHOWN = 1;
  private static final byte CLICKED = 2;

  private static final Comparator<UserEventKey> ORDER =
      Comparator.comparing((UserEventKey key) -> key.userId)
          .thenComparingInt(key -> key.segment)
          .thenComparingLong(key -> key.timestampSeconds)
          .thenComparingInt(key -> key.kind)
          .thenComparing(key -> key.tie);

  private final Text userId = new Text();
  private final Text tie = new Text();
  private int segment;
  private long timestampSeconds;
  private byte kind;

  /** For Hadoop. */
  public UserEventKey() {}

  /**
   * In segment 0.
   *
   * @param tie orders events of one kind at one moment
   */
  UserEventKey(String userId, long timestampSeconds, UserEvent event, String tie) {
    this.userId.set(userId);
    this.tie.set(tie);
    this.kind =
        event instanceof ImpressionCount ? COUNT : event instanceof Clicked ? CLICKED : SHOWN;
    this.timestampSeconds = kind == COUNT ? Long.MIN_VALUE : timestampSeconds;
  }

  /** A moment of a user at which anything happened. */
  static UserEventKey ofMoment(String userId, long timestampSeconds) {
    UserEventKey key = new UserEventKey();
    key.userId.set(userId);
    key.timestampSeconds = timestampSeconds;
    key.kind = SHOWN;
    return key;
  }

  /** The same event for another segment of the user. */
  UserEventKey inSegment(int otherSegment) {
    UserEventKey key = new UserEventKey();
    key.userId.set(userId);
    key.segment = otherSegment;
    key.timestampSeconds = timestampSeconds;
    key.kind = kind;
    key.tie.set(tie);
    return key;
  }

  Text userId() {
    return userId;
  }

  /** Which part of the user's time, from 0. */
  int segment() {
    return segment;
  }

  long timestampSeconds() {
    return timestampSeconds;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    userId.write(out);
    WritableUtils.writeVInt(out, segment);
    out.writeLong(timestampSeconds);
    out.writeByte(kind);
    tie.write(out);
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    userId.readFields(in);
    segment = WritableUtils.readVInt(in);
    timestampSeconds = in.readLong();
    kind = in.readByte();
    tie.readFields(in);
  }

  @Override
  public int compareTo(UserEventKey other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UserEventKey key && compareTo(key) == 0;
  }

  @Override
  public int hashCode() {
    return 31 * userId.hashCode() + Long.hashCode(timestampSeconds);
  }

  @Override
  public String toString() {
    return userId
        + (segment == 0 ? "" : "#" + segment)
        + "@"
        + timestampSeconds
        + "/"
        + kind
        + "/"
        + tie;
  }
}
