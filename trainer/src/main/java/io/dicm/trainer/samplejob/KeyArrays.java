package io.dicm.trainer.samplejob;

import io.dicm.trainer.sample.Impression;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.WritableUtils;

/** Writes and reads key arrays and impressions within Writables. */
final class KeyArrays {
  private KeyArrays() {}

  static void write(DataOutput out, long[] keys) throws IOException {
    WritableUtils.writeVInt(out, keys.length);
    for (long key : keys) {
      out.writeLong(key);
    }
  }

  static long[] read(DataInput in) throws IOException {
    long[] keys = new long[WritableUtils.readVInt(in)];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = in.readLong();
    }
    return keys;
  }

  static void writeAll(DataOutput out, long[][] arrays) throws IOException {
    WritableUtils.writeVInt(out, arrays.length);
    for (long[] keys : arrays) {
      write(out, keys);
    }
  }

  static long[][] readAll(DataInput in) throws IOException {
    long[][] arrays = new long[WritableUtils.readVInt(in)][];
    for (int i = 0; i < arrays.length; i++) {
      arrays[i] = read(in);
    }
    return arrays;
  }

  static void writeImpression(DataOutput out, Impression impression) throws IOException {
    Text.writeString(out, impression.impressionId());
    Text.writeString(out, impression.itemId());
    Text.writeString(out, impression.category());
    out.writeByte(impression.label());
    out.writeLong(impression.imageKey());
    writeAll(out, impression.itemKeys());
    writeAll(out, impression.contextKeys());
  }

  static Impression readImpression(DataInput in) throws IOException {
    return new Impression(
        Text.readString(in),
        Text.readString(in),
        Text.readString(in),
        in.readByte(),
        in.readLong(),
        readAll(in),
        readAll(in));
  }
}
