package io.dicm.trainer.samplejob;

import io.dicm.trainer.samplejob.UserEvent.Clicked;
import io.dicm.trainer.samplejob.UserEvent.ImpressionCount;
import io.dicm.trainer.samplejob.UserEvent.Shown;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Writable;

/** The shuffle's value: one {@link UserEvent}. Reused by Hadoop between records. */
public final class UserEventWritable implements Writable {
  private static final byte COUNT = 0;
  private static final byte SHOWN = 1;
  private static final byte CLICKED = 2;

  private UserEvent event;

  /** For Hadoop. */
  public UserEventWritable() {}

  UserEventWritable(UserEvent event) {
    this.event = event;
  }

  UserEvent event() {
    return event;
  }

  @Override
  public void write(DataOutput out) throws IOException {
    if (event instanceof ImpressionCount count) {
      out.writeByte(COUNT);
      out.writeLong(count.total());
      out.writeLong(count.earlier());
    } else if (event instanceof Shown shown) {
      out.writeByte(SHOWN);
      KeyArrays.writeImpression(out, shown.impression());
    } else if (event instanceof Clicked clicked) {
      out.writeByte(CLICKED);
      out.writeLong(clicked.imageKey());
      KeyArrays.write(out, clicked.idKeys());
      out.writeBoolean(clicked.heldOut());
    }
  }

  @Override
  public void readFields(DataInput in) throws IOException {
    byte kind = in.readByte();
    event =
        switch (kind) {
          case COUNT -> new ImpressionCount(in.readLong(), in.readLong());
          case SHOWN -> new Shown(KeyArrays.readImpression(in));
          case CLICKED -> new Clicked(in.readLong(), KeyArrays.read(in), in.readBoolean());
          default -> throw new IOException("Unknown kind of user event: " + kind);
        };
  }

  @Override
  public String toString() {
    return String.valueOf(event);
  }
}
