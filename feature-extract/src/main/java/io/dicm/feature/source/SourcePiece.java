package io.dicm.feature.source;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.WritableUtils;

/**
 * What a map task reads without a break: an image file, or a range of a file that holds many
 * images.
 *
 * @param name the file's path below the source's location, separated by {@code /}
 * @param start first byte of the range
 * @param length bytes of the range
 * @param modifiedAtMs the file's modification time, milliseconds since 1970 UTC
 * @param images images in the range; an estimate where {@link ImageSource#countsImages} is false
 * @param hosts machines that hold the range; empty: it does not matter where it is read
 */
public record SourcePiece(
    String name, long start, long length, long modifiedAtMs, long images, List<String> hosts) {
  public SourcePiece {
    hosts = List.copyOf(hosts);
  }

  /** A file that is one image. */
  static SourcePiece file(String name, long length, long modifiedAtMs) {
    return new SourcePiece(name, 0, length, modifiedAtMs, 1, List.of());
  }

  /** Writes the piece in a form for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    Text.writeString(out, name);
    WritableUtils.writeVLong(out, start);
    WritableUtils.writeVLong(out, length);
    WritableUtils.writeVLong(out, modifiedAtMs);
    WritableUtils.writeVLong(out, images);
    WritableUtils.writeVInt(out, hosts.size());
    for (String host : hosts) {
      Text.writeString(out, host);
    }
  }

  /** Reads what {@link #write} wrote. */
  public static SourcePiece read(DataInput in) throws IOException {
    String name = Text.readString(in);
    long start = WritableUtils.readVLong(in);
    long length = WritableUtils.readVLong(in);
    long modifiedAtMs = WritableUtils.readVLong(in);
    long images = WritableUtils.readVLong(in);
    int count = WritableUtils.readVInt(in);
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      hosts.add(Text.readString(in));
    }
    return new SourcePiece(name, start, length, modifiedAtMs, images, hosts);
  }
}
